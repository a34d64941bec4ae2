using System.Text;

namespace BitArk.Chaos.Histories;

/// <summary>
/// The naive model of one read set: ascending, disjoint, non-adjacent ranges in a list. Written to be obviously right,
/// and shares nothing with the product.
/// </summary>
internal sealed class RangeSet : IEquatable<RangeSet>
{
    private List<MessageRange> _ranges = [];

    /// <summary>An empty set.</summary>
    public RangeSet()
    {
    }

    /// <summary>The union of ranges in any order.</summary>
    public RangeSet(IEnumerable<MessageRange> ranges)
    {
        foreach (MessageRange range in ranges)
            Add(range);
    }

    /// <summary>Ascending, disjoint, not adjacent.</summary>
    public IReadOnlyList<MessageRange> Ranges => _ranges;

    /// <summary>How many ids it holds.</summary>
    public long Count => _ranges.Sum(range => range.Count);

    /// <summary>An independent copy.</summary>
    public RangeSet Copy() => new() { _ranges = [.. _ranges] };

    /// <summary>Adds a range; the number of ids that were not there.</summary>
    public long Add(MessageRange added)
    {
        long before = Count;
        var merged = new List<MessageRange>(_ranges.Count + 1);
        long from = added.From, to = added.To;
        foreach (MessageRange range in _ranges)
        {
            // Ids end at 2^63-2, so one past the end always fits.
            if (range.To + 1 < from || range.From > to + 1)
            {
                merged.Add(range);
                continue;
            }

            from = Math.Min(from, range.From);
            to = Math.Max(to, range.To);
        }

        merged.Add(new MessageRange(from, to));
        merged.Sort((left, right) => left.From.CompareTo(right.From));
        _ranges = merged;
        return Count - before;
    }

    /// <summary>Removes a range; the number of ids that were there.</summary>
    public long Remove(MessageRange removed)
    {
        long before = Count;
        var kept = new List<MessageRange>(_ranges.Count + 1);
        foreach (MessageRange range in _ranges)
        {
            if (range.From < removed.From)
                kept.Add(new MessageRange(range.From, Math.Min(range.To, removed.From - 1)));
            if (range.To > removed.To)
                kept.Add(new MessageRange(Math.Max(range.From, removed.To + 1), range.To));
        }

        _ranges = kept;
        return before - Count;
    }

    /// <summary>Applies one operation; the number of ids whose state changed.</summary>
    public long Apply(in MarkOperation operation) =>
        operation.Kind == OperationKind.Mark ? Add(operation.Range) : Remove(operation.Range);

    /// <summary>The ids here that are not in <paramref name="other"/>.</summary>
    public RangeSet Except(RangeSet other)
    {
        RangeSet rest = Copy();
        foreach (MessageRange range in other._ranges)
            rest.Remove(range);
        return rest;
    }

    /// <summary>The ids in both.</summary>
    public RangeSet Intersect(RangeSet other) => Except(Except(other));

    /// <inheritdoc/>
    public bool Equals(RangeSet? other) => other is not null && _ranges.SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RangeSet);

    /// <inheritdoc/>
    public override int GetHashCode() => _ranges.Count;

    /// <summary>The first few ranges, for messages.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (MessageRange range in _ranges.Take(5))
            text.Append(text.Length == 0 ? "" : ", ").Append(range.From).Append(range.From == range.To ? "" : $"-{range.To}");
        return _ranges.Count > 5 ? $"{text} … ({_ranges.Count} ranges, {Count} ids)" : $"{text} ({Count} ids)";
    }
}
