using System.Numerics;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Single ids are added and removed in place while the block keeps its size class and nothing suggests that another
/// form would be smaller. Everything else is left to <see cref="ListEncoder"/>, which sees the whole set; since a block
/// moves every few ids, that is soon enough to find the best form.
/// </summary>
internal static unsafe class ListEditor
{
    /// <summary>Adds one id that is not in the set, or removes one that is; false when the set has to be encoded anew.</summary>
    public static bool TryToggle(Slab slab, ref ulong word, long id, bool add) => SetWord.Width(word) switch
    {
        ItemWidth.Two => TryToggle<ushort>(slab, ref word, id, add),
        ItemWidth.Four => TryToggle<uint>(slab, ref word, id, add),
        _ => TryToggle<ulong>(slab, ref word, id, add),
    };

    /// <summary>Bytes that the content of a list form's block takes.</summary>
    public static int BlockBytes(ulong word) => HeaderBytes(word) + (SetWord.Items(word) << ((int)SetWord.Width(word) + 1));

    private static int HeaderBytes(ulong word) => SetWord.HasStoredOrigin(word) ? sizeof(long) : 0;

    private static bool TryToggle<T>(Slab slab, ref ulong word, long id, bool add)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        OffsetList<T> list = ListForm.Open<T>(slab, word, out long origin);
        ulong offset = (ulong)(id - origin);
        if (id < origin || offset >= ulong.CreateTruncating(T.MaxValue))
        {
            return false;
        }

        int items = SetWord.Items(word);
        Splice splice;
        switch (SetWord.Form(word))
        {
            case SetForm.Values:
                splice = Splice.ToggleItem(list, offset);
                if (!StaysValues(list, splice, offset))
                {
                    return false;
                }

                break;
            case SetForm.Holes when add && offset == list.End:
                splice = new Splice(items - 1, 1, 1, offset + 1, 0);
                break;
            case SetForm.Holes:
                splice = Splice.ToggleItem(list, offset);
                if (!StaysHoles(list, splice, offset))
                {
                    return false;
                }

                break;
            default:
                splice = Splice.ToggleEdges(list, offset, ulong.MaxValue);
                if (items + splice.Growth <= 2)
                {
                    return false;
                }

                break;
        }

        if (!SortedBlock.FitsInPlace(BlockBytes(word), BlockBytes(word) + (splice.Growth * sizeof(T))))
        {
            return false;
        }

        long reference = SortedBlock.Apply<T>(slab, SetWord.Reference(word), HeaderBytes(word), items, splice);
        word = SetWord.WithItems(word, items + splice.Growth, reference);
        return true;
    }

    /// <summary>Neighbouring values ask for runs, and what is left of a removal may be one run, which may be a cursor.</summary>
    private static bool StaysValues<T>(OffsetList<T> list, Splice splice, ulong offset)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (splice.Inserted == 1)
        {
            return !HasNeighbour(list, splice.Position, offset);
        }

        int last = list.Items - 1;
        if (last < 1)
        {
            return false;
        }

        ulong lowest = list[splice.Position == 0 ? 1 : 0];
        ulong highest = list[splice.Position == last ? last - 1 : last];
        return highest - lowest + 1 != (ulong)last;
    }

    /// <summary>The first and the last id of the range are members, so that the form has one reading; neighbouring holes ask for runs; no holes make a run.</summary>
    private static bool StaysHoles<T>(OffsetList<T> list, Splice splice, ulong offset)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        if (offset == 0 || offset + 1 >= list.End)
        {
            return false;
        }

        return splice.Inserted == 1 ? !HasNeighbour(list, splice.Position, offset) : list.Items > 1;
    }

    private static bool HasNeighbour<T>(OffsetList<T> list, int position, ulong offset)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T> =>
        (position > 0 && list[position - 1] + 1 == offset) || (position < list.Items && list[position] == offset + 1);
}
