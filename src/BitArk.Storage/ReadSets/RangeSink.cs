namespace BitArk.Storage.ReadSets;

/// <summary>Collects ascending ranges, joining those that touch, until its room is used up.</summary>
internal ref struct RangeSink(Span<MessageRange> into)
{
    private readonly Span<MessageRange> _into = into;

    public int Count { get; private set; }

    /// <summary>False when there was no room; a range that continues the last one always has room.</summary>
    public bool Add(long from, long to)
    {
        if (Count > 0 && _into[Count - 1].To == from - 1)
        {
            _into[Count - 1] = new MessageRange(_into[Count - 1].From, to);
            return true;
        }

        if (Count == _into.Length)
        {
            return false;
        }

        _into[Count++] = new MessageRange(from, to);
        return true;
    }
}
