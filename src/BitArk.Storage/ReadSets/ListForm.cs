using System.Numerics;
using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// Reads of the forms that are one block: <c>[origin u64] | items, 2, 4 or 8 bytes each</c>. Items are offsets from the
/// origin, which the word may know. For readers that may be overtaken by the writer: whatever the block holds, the answer comes and stays in bounds.
/// </summary>
internal static unsafe class ListForm
{
    /// <summary>A list that would need a larger block becomes a directory.</summary>
    public const int MaxBytes = 1024;

    public static bool Contains(Slab slab, ulong word, long id) => SetWord.Width(word) switch
    {
        ItemWidth.Two => Contains<ushort>(slab, word, id),
        ItemWidth.Four => Contains<uint>(slab, word, id),
        _ => Contains<ulong>(slab, word, id),
    };

    public static long Cardinality(Slab slab, ulong word, long from, long to) => SetWord.Width(word) switch
    {
        ItemWidth.Two => Cardinality<ushort>(slab, word, from, to),
        ItemWidth.Four => Cardinality<uint>(slab, word, from, to),
        _ => Cardinality<ulong>(slab, word, from, to),
    };

    public static long FirstUnread(Slab slab, ulong word, long from) => SetWord.Width(word) switch
    {
        ItemWidth.Two => FirstUnread<ushort>(slab, word, from),
        ItemWidth.Four => FirstUnread<uint>(slab, word, from),
        _ => FirstUnread<ulong>(slab, word, from),
    };

    public static void Ranges(Slab slab, ulong word, long from, ref RangeSink sink)
    {
        switch (SetWord.Width(word))
        {
            case ItemWidth.Two:
                Ranges<ushort>(slab, word, from, ref sink);
                break;
            case ItemWidth.Four:
                Ranges<uint>(slab, word, from, ref sink);
                break;
            default:
                Ranges<ulong>(slab, word, from, ref sink);
                break;
        }
    }

    /// <summary>The list behind a word and the id its offsets count from.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OffsetList<T> Open<T>(Slab slab, ulong word, out long origin)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        byte* block = slab.Resolve(SetWord.Reference(word), out int available);
        origin = SetWord.KnownOrigin(word);
        if (SetWord.HasStoredOrigin(word))
        {
            origin = *(long*)block;
            block += sizeof(long);
            available -= sizeof(long);
        }

        T* items = (T*)block;
        int count = Math.Min(SetWord.Items(word), available / sizeof(T));
        if (SetWord.Form(word) != SetForm.Holes)
        {
            return new OffsetList<T>(SetWord.Form(word), items, count, (ulong)(long.MaxValue - origin));
        }

        return count == 0
            ? new OffsetList<T>(SetForm.Holes, items, 0, 0)
            : new OffsetList<T>(SetForm.Holes, items, count - 1, ulong.CreateTruncating(items[count - 1]));
    }

    private static bool Contains<T>(Slab slab, ulong word, long id)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        OffsetList<T> list = Open<T>(slab, word, out long origin);
        return id >= origin && list.Contains((ulong)(id - origin));
    }

    private static long Cardinality<T>(Slab slab, ulong word, long from, long to)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        OffsetList<T> list = Open<T>(slab, word, out long origin);
        return to < origin ? 0 : list.Count((ulong)(Math.Max(from, origin) - origin), (ulong)(to - origin) + 1);
    }

    private static long FirstUnread<T>(Slab slab, ulong word, long from)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        OffsetList<T> list = Open<T>(slab, word, out long origin);
        return from < origin ? from : origin + (long)list.NextUnset((ulong)(from - origin));
    }

    private static void Ranges<T>(Slab slab, ulong word, long from, ref RangeSink sink)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        OffsetList<T> list = Open<T>(slab, word, out long origin);
        OffsetRuns<T> runs = new(list, from < origin ? 0 : (ulong)(from - origin));
        while (runs.Next(out ulong start, out ulong end) && sink.Add(origin + (long)start, origin + (long)end - 1))
        {
        }
    }
}
