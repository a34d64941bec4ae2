using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <content>What the writer may do. It always leaves the smallest sensible form: nothing for an empty set, a cursor for exactly {1..N}.</content>
internal static partial class ReadSet
{
    /// <summary>In place of the number of changed ids: nothing was changed, as the set would need more than <see cref="DirectoryEditor.MaxEntries"/> entries.</summary>
    public const long TooScattered = -1;

    /// <summary>Adds the ids <paramref name="from"/> … <paramref name="to"/>; returns the new state, <paramref name="changed"/> says how many were not there.</summary>
    public static ulong Add(Slab slab, ulong state, long from, long to, out long changed)
    {
        if (SetWord.IsCursor(state))
        {
            long cursor = (long)state;
            if (from >= 1 && from <= cursor + 1)
            {
                changed = Math.Max(0, to - cursor);
                return SetWord.Cursor(Math.Max(to, cursor));
            }
        }
        else if (SetWord.Form(state) == SetForm.Directory)
        {
            return DirectoryEditor.Edit(slab, state, from, to, add: true, out changed);
        }
        else if (from == to)
        {
            changed = ListForm.Contains(slab, state, from) ? 0 : 1;
            if (changed == 0 || ListEditor.TryToggle(slab, ref state, from, add: true))
            {
                return state;
            }
        }

        return EditRanges(slab, state, from, to, add: true, out changed);
    }

    /// <summary>Removes the ids <paramref name="from"/> … <paramref name="to"/>; returns the new state, <paramref name="changed"/> says how many were there.</summary>
    public static ulong Remove(Slab slab, ulong state, long from, long to, out long changed)
    {
        if (SetWord.IsCursor(state))
        {
            changed = Cardinality(slab, state, from, to);
            if (changed == 0)
            {
                return state;
            }

            if (to >= (long)state)
            {
                return SetWord.Cursor(Math.Max(from, 1) - 1);
            }
        }
        else if (SetWord.Form(state) == SetForm.Directory)
        {
            return DirectoryEditor.Edit(slab, state, from, to, add: false, out changed);
        }
        else if (from == to)
        {
            changed = ListForm.Contains(slab, state, from) ? 1 : 0;
            if (changed == 0 || ListEditor.TryToggle(slab, ref state, from, add: false))
            {
                return state;
            }
        }

        return EditRanges(slab, state, from, to, add: false, out changed);
    }

    /// <summary>Gives all blocks of a set back.</summary>
    public static void Free(Slab slab, ulong state)
    {
        if (!SetWord.IsCursor(state) && SetWord.Form(state) == SetForm.Directory)
        {
            DirectoryEditor.Free(slab, state);
        }
        else
        {
            ListEncoder.Free(slab, state);
        }
    }

    [SkipLocalsInit]
    private static ulong EditRanges(Slab slab, ulong state, long from, long to, bool add, out long changed)
    {
        // Every range takes an item at least, but for holes: n of them part n + 1 ranges.
        int room = SetWord.IsCursor(state) ? 2 : SetWord.Items(state) + 2;
        Span<MessageRange> buffer = stackalloc MessageRange[room];
        RangeList ranges = new(buffer, Ranges(slab, state, 0, buffer));
        changed = add ? ranges.Add(from, to) : ranges.Remove(from, to);
        return changed == 0 ? state : ListEncoder.Encode(slab, state, ranges.Ranges);
    }
}
