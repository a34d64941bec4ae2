using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>
/// One read set: the state word of its table entry (<see cref="SetWord"/>) and, unless it is a cursor, blocks in the slab.
/// These reads may run while the writer rewrites the blocks under them: they end, stay inside the slab and never throw,
/// and the caller's sequence lock discards what they answered. Nothing here allocates.
/// </summary>
internal static partial class ReadSet
{
    /// <summary>Whether the set holds an id.</summary>
    public static bool Contains(Slab slab, ulong state, long id)
    {
        if (SetWord.IsCursor(state))
        {
            return (ulong)id - 1 < state;
        }

        return SetWord.Form(state) switch
        {
            SetForm.Values or SetForm.Holes or SetForm.Bounds => ListForm.Contains(slab, state, id),
            SetForm.Directory => SetDirectory.Open(slab, state).Contains(slab, id),
            _ => false,
        };
    }

    /// <summary>How many of the ids <paramref name="from"/> … <paramref name="to"/> the set holds.</summary>
    public static long Cardinality(Slab slab, ulong state, long from, long to)
    {
        if (SetWord.IsCursor(state))
        {
            return Math.Max(0, Math.Min(to, (long)state) - Math.Max(from, 1) + 1);
        }

        return SetWord.Form(state) switch
        {
            SetForm.Values or SetForm.Holes or SetForm.Bounds => ListForm.Cardinality(slab, state, from, to),
            SetForm.Directory => SetDirectory.Open(slab, state).Cardinality(slab, from, to),
            _ => 0,
        };
    }

    /// <summary>The smallest id at or after <paramref name="from"/> that the set does not hold; <see cref="long.MaxValue"/> when it holds all up to <see cref="Ids.Max"/>.</summary>
    public static long FirstUnread(Slab slab, ulong state, long from)
    {
        if (SetWord.IsCursor(state))
        {
            return (ulong)from - 1 < state ? (long)state + 1 : from;
        }

        return SetWord.Form(state) switch
        {
            SetForm.Values or SetForm.Holes or SetForm.Bounds => ListForm.FirstUnread(slab, state, from),
            SetForm.Directory => SetDirectory.Open(slab, state).FirstUnread(slab, from),
            _ => from,
        };
    }

    /// <summary>The ranges of the set from an id on, clipped to it, ascending and joined, as many as <paramref name="into"/> takes; returns how many.</summary>
    public static int Ranges(Slab slab, ulong state, long from, Span<MessageRange> into)
    {
        RangeSink sink = new(into);
        if (SetWord.IsCursor(state))
        {
            if (Math.Max(from, 1) <= (long)state)
            {
                sink.Add(Math.Max(from, 1), (long)state);
            }

            return sink.Count;
        }

        switch (SetWord.Form(state))
        {
            case SetForm.Values or SetForm.Holes or SetForm.Bounds:
                ListForm.Ranges(slab, state, from, ref sink);
                break;
            case SetForm.Directory:
                SetDirectory.Open(slab, state).Ranges(slab, from, ref sink);
                break;
            default:
                break;
        }

        return sink.Count;
    }
}
