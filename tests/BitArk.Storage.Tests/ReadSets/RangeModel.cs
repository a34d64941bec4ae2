namespace BitArk.Storage.Tests.ReadSets;

/// <summary>The simplest thing that could be right: all ranges in a list, rebuilt by every change.</summary>
internal sealed class RangeModel
{
    public List<MessageRange> Ranges { get; private set; } = [];

    public long Add(long from, long to)
    {
        long before = Cardinality(from, to);
        Rebuild(from, to, add: true);
        return to - from + 1 - before;
    }

    public long Remove(long from, long to)
    {
        long before = Cardinality(from, to);
        Rebuild(from, to, add: false);
        return before;
    }

    public bool Contains(long id) => Ranges.Any(range => range.From <= id && id <= range.To);

    public long Cardinality(long from, long to) =>
        Ranges.Sum(range => Math.Max(0, Math.Min(range.To, to) - Math.Max(range.From, from) + 1));

    public long FirstUnread(long from) =>
        Ranges.Where(range => range.From <= from && from <= range.To).Select(range => range.To + 1).FirstOrDefault(from);

    public IEnumerable<MessageRange> From(long from) =>
        Ranges.Where(range => range.To >= from).Select(range => range with { From = Math.Max(range.From, from) });

    private void Rebuild(long from, long to, bool add)
    {
        List<MessageRange> pieces = [];
        foreach (MessageRange range in Ranges)
        {
            if (range.From < from)
            {
                pieces.Add(range with { To = Math.Min(range.To, from - 1) });
            }

            if (range.To > to)
            {
                pieces.Add(range with { From = Math.Max(range.From, to + 1) });
            }
        }

        if (add)
        {
            pieces.Add(new MessageRange(from, to));
        }

        List<MessageRange> joined = [];
        foreach (MessageRange piece in pieces.OrderBy(piece => piece.From))
        {
            if (joined.Count > 0 && joined[^1].To == piece.From - 1)
            {
                joined[^1] = joined[^1] with { To = piece.To };
            }
            else
            {
                joined.Add(piece);
            }
        }

        Ranges = joined;
    }
}
