namespace BitArk.Storage.ReadSets;

/// <summary>
/// A few ascending ranges that neither overlap nor touch, in a buffer of the caller's with room for one more than an
/// edit begins with. The plain algebra that the small forms decode to.
/// </summary>
internal ref struct RangeList(Span<MessageRange> buffer, int count)
{
    private readonly Span<MessageRange> _buffer = buffer;

    public int Count { get; private set; } = count;

    public readonly ReadOnlySpan<MessageRange> Ranges => _buffer[..Count];

    /// <summary>Adds a range; returns how many ids it brought.</summary>
    public long Add(long from, long to)
    {
        int first = FirstEndingAtOrAfter(from - 1);
        int after = first;
        long present = 0;
        MessageRange merged = new(from, to);
        for (; after < Count && _buffer[after].From <= to + 1; after++)
        {
            MessageRange range = _buffer[after];
            present += Math.Max(0, Math.Min(range.To, to) - Math.Max(range.From, from) + 1);
            merged = new MessageRange(Math.Min(merged.From, range.From), Math.Max(merged.To, range.To));
        }

        Replace(first, after, [merged]);
        return to - from + 1 - present;
    }

    /// <summary>Removes a range; returns how many ids went.</summary>
    public long Remove(long from, long to)
    {
        int first = FirstEndingAtOrAfter(from);
        int after = first;
        long removed = 0;
        Span<MessageRange> rests = stackalloc MessageRange[2];
        int restCount = 0;
        for (; after < Count && _buffer[after].From <= to; after++)
        {
            MessageRange range = _buffer[after];
            removed += Math.Min(range.To, to) - Math.Max(range.From, from) + 1;
            if (range.From < from)
            {
                rests[restCount++] = new MessageRange(range.From, from - 1);
            }

            if (range.To > to)
            {
                rests[restCount++] = new MessageRange(to + 1, range.To);
            }
        }

        Replace(first, after, rests[..restCount]);
        return removed;
    }

    private readonly int FirstEndingAtOrAfter(long id)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_buffer[middle].To >= id)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private void Replace(int first, int after, scoped ReadOnlySpan<MessageRange> with)
    {
        int newCount = Count - (after - first) + with.Length;
        _buffer[after..Count].CopyTo(_buffer[(first + with.Length)..newCount]);
        with.CopyTo(_buffer[first..]);
        Count = newCount;
    }
}
