namespace BitArk.Node.Tests.Model;

/// <summary>One read set as a sorted list of disjoint, not adjacent ranges: slow, and small enough to be seen to be right.</summary>
internal sealed class ModelReadSet
{
    private List<MessageRange> _ranges = [];

    public IReadOnlyList<MessageRange> Ranges => _ranges;

    public long Cursor => _ranges.FirstOrDefault(r => r.From <= 1 && r.To >= 1) is { Count: > 0, To: >= 1 } first ? first.To : 0;

    public bool Contains(long id) => _ranges.Exists(r => r.From <= id && id <= r.To);

    /// <summary>Adds or removes a range; answers how many ids changed.</summary>
    public long Apply(OperationKind kind, MessageRange range)
    {
        var before = CountIn(range);
        if (kind == OperationKind.Mark)
            Mark(range);
        else
            Unmark(range);
        return kind == OperationKind.Mark ? range.Count - before : before;
    }

    public long CountIn(MessageRange range)
    {
        var count = 0L;
        foreach (var r in _ranges)
            count += Math.Max(0, Math.Min(r.To, range.To) - Math.Max(r.From, range.From) + 1);
        return count;
    }

    public long? FirstUnread(long head)
    {
        var first = Cursor + 1;
        return first <= head ? first : null;
    }

    private void Mark(MessageRange range)
    {
        var merged = range;
        var rest = new List<MessageRange>();
        foreach (var r in _ranges)
        {
            if (r.To < merged.From - 1 || r.From > merged.To + 1)
                rest.Add(r);
            else
                merged = new MessageRange(Math.Min(r.From, merged.From), Math.Max(r.To, merged.To));
        }

        rest.Add(merged);
        _ranges = [.. rest.OrderBy(r => r.From)];
    }

    private void Unmark(MessageRange range)
    {
        var rest = new List<MessageRange>();
        foreach (var r in _ranges)
        {
            if (r.From < range.From)
                rest.Add(new MessageRange(r.From, Math.Min(r.To, range.From - 1)));
            if (r.To > range.To)
                rest.Add(new MessageRange(Math.Max(r.From, range.To + 1), r.To));
        }

        _ranges = [.. rest.Where(r => r.From <= r.To).Distinct()];
    }
}
