using BitArk.Storage.Memory;

namespace BitArk.Storage.ReadSets;

/// <summary>Operations on the 8-byte state of one read set: a cursor, or a plain list of ranges in a block.</summary>
internal static unsafe class ReadSet
{
    private const long RefMask = (1L << 40) - 1;

    public static ulong Add(Slab slab, ulong state, long from, long to, out long changed)
    {
        var before = Load(slab, state);
        var after = new List<MessageRange>();
        var (start, end) = (from, to);
        foreach (var range in before)
        {
            if (range.To < from - 1 || range.From > to + 1)
            {
                after.Add(range);
            }
            else
            {
                start = Math.Min(start, range.From);
                end = Math.Max(end, range.To);
            }
        }

        after.Add(new MessageRange(start, end));
        after.Sort((a, b) => a.From.CompareTo(b.From));
        changed = after.Sum(r => r.Count) - before.Sum(r => r.Count);
        return Store(slab, state, after);
    }

    public static ulong Remove(Slab slab, ulong state, long from, long to, out long changed)
    {
        var before = Load(slab, state);
        var after = new List<MessageRange>();
        foreach (var range in before)
        {
            if (range.To < from || range.From > to)
            {
                after.Add(range);
                continue;
            }

            if (range.From < from)
            {
                after.Add(new MessageRange(range.From, from - 1));
            }

            if (range.To > to)
            {
                after.Add(new MessageRange(to + 1, range.To));
            }
        }

        changed = before.Sum(r => r.Count) - after.Sum(r => r.Count);
        return Store(slab, state, after);
    }

    public static void Free(Slab slab, ulong state)
    {
        if ((long)state < 0)
        {
            slab.Free((long)state & RefMask, 16 * (1 + (int)*(long*)slab.Resolve((long)state & RefMask, out _)));
        }
    }

    public static bool Contains(Slab slab, ulong state, long id) => Cardinality(slab, state, id, id) > 0;

    public static long Cardinality(Slab slab, ulong state, long from, long to)
    {
        long sum = 0;
        for (var i = 0; i < Count(slab, state); i++)
        {
            var range = At(slab, state, i);
            sum += Math.Max(0, Math.Min(to, range.To) - Math.Max(from, range.From) + 1);
        }

        return sum;
    }

    public static long FirstUnread(Slab slab, ulong state, long from)
    {
        for (var i = 0; i < Count(slab, state); i++)
        {
            var range = At(slab, state, i);
            from = range.From <= from && from <= range.To ? range.To + 1 : from;
        }

        return from;
    }

    public static int Ranges(Slab slab, ulong state, long from, Span<MessageRange> into)
    {
        var filled = 0;
        for (var i = 0; i < Count(slab, state) && filled < into.Length; i++)
        {
            var range = At(slab, state, i);
            if (range.To >= from)
            {
                into[filled++] = new MessageRange(Math.Max(from, range.From), range.To);
            }
        }

        return filled;
    }

    private static int Count(Slab slab, ulong state)
    {
        if ((long)state >= 0)
        {
            return state == 0 ? 0 : 1;
        }

        var count = *(long*)slab.Resolve((long)state & RefMask, out var available);
        return (int)Math.Clamp(count, 0, (available - 16) / 16);
    }

    private static MessageRange At(Slab slab, ulong state, int index) =>
        (long)state >= 0 ? new MessageRange(1, (long)state) : ((MessageRange*)slab.Resolve((long)state & RefMask, out _))[index + 1];

    private static List<MessageRange> Load(Slab slab, ulong state) =>
        [.. Enumerable.Range(0, Count(slab, state)).Select(i => At(slab, state, i))];

    private static ulong Store(Slab slab, ulong old, List<MessageRange> ranges)
    {
        Free(slab, old);
        if (ranges.Count == 0 || (ranges.Count == 1 && ranges[0].From == 1))
        {
            return ranges.Count == 0 ? 0 : (ulong)ranges[0].To;
        }

        var bytes = 16 * (1 + ranges.Count);
        var block = slab.Allocate(bytes);
        slab.BeforeWrite(block, 0, bytes);
        var address = (MessageRange*)slab.Resolve(block, out _);
        *(long*)address = ranges.Count;
        for (var i = 0; i < ranges.Count; i++)
        {
            address[i + 1] = ranges[i];
        }

        return (1UL << 63) | (ulong)block;
    }
}
