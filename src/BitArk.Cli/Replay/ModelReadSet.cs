namespace BitArk.Cli.Replay;

/// <summary>
/// One read set of the model that a node is compared with: a sorted list of merged ranges, nothing else. On purpose it
/// shares no line with the storage engine, so that a common mistake can't hide in both.
/// </summary>
internal sealed class ModelReadSet
{
    private readonly List<MessageRange> _ranges = [];

    /// <summary>Ascending, disjoint, not adjacent.</summary>
    public IReadOnlyList<MessageRange> Ranges => _ranges;

    /// <summary>How many ids it holds.</summary>
    public long Count { get; private set; }

    /// <summary>The largest N with 1 … N all in it; 0 if 1 is not.</summary>
    public long Cursor
    {
        get
        {
            foreach (var range in _ranges)
            {
                if (range.To >= 1)
                {
                    return range.From <= 1 ? range.To : 0;
                }
            }

            return 0;
        }
    }

    /// <summary>Adds a range; returns how many ids it did not hold before.</summary>
    public long Add(long from, long to)
    {
        var first = FirstReaching(from);
        var last = first;
        long covered = 0;
        var (mergedFrom, mergedTo) = (from, to);
        while (last < _ranges.Count && _ranges[last].From <= to + 1)
        {
            var range = _ranges[last];
            covered += Math.Max(0, Math.Min(range.To, to) - Math.Max(range.From, from) + 1);
            mergedFrom = Math.Min(mergedFrom, range.From);
            mergedTo = Math.Max(mergedTo, range.To);
            last++;
        }

        _ranges.RemoveRange(first, last - first);
        _ranges.Insert(first, new MessageRange(mergedFrom, mergedTo));
        var added = to - from + 1 - covered;
        Count += added;
        return added;
    }

    /// <summary>The ids of 1 … <paramref name="head"/> that it does not hold: how many, and the smallest (null if none).</summary>
    public (long Unread, long? First) Unread(long head)
    {
        long read = 0;
        foreach (var range in _ranges)
        {
            read += Math.Max(0, Math.Min(range.To, head) - Math.Max(range.From, 1) + 1);
        }

        var unread = Math.Max(0, head) - read;
        return (unread, unread > 0 ? Cursor + 1 : null);
    }

    /// <summary>Index of the first range that ends at or after <paramref name="from"/> - 1, so that it merges with a range starting there.</summary>
    private int FirstReaching(long from)
    {
        int low = 0, high = _ranges.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].To < from - 1)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
