using BitArk.Storage.ReadTables;

namespace BitArk.Storage.Tests.ReadTables;

/// <summary>What a ReadTable must be equal to: a dictionary of plain lists of ranges.</summary>
internal sealed class TableModel
{
    private readonly Dictionary<(long User, long Channel), List<MessageRange>> _sets = [];

    public IReadOnlyDictionary<(long User, long Channel), List<MessageRange>> Sets => _sets;

    public long Mark(long user, long channel, long from, long to)
    {
        var before = Of(user, channel);
        var merged = new List<MessageRange>();
        var (start, end) = (from, to);
        foreach (var range in before)
        {
            if (range.To < from - 1 || range.From > to + 1)
            {
                merged.Add(range);
            }
            else
            {
                start = Math.Min(start, range.From);
                end = Math.Max(end, range.To);
            }
        }

        merged.Add(new MessageRange(start, end));
        merged.Sort((a, b) => a.From.CompareTo(b.From));
        var changed = merged.Sum(r => r.Count) - before.Sum(r => r.Count);
        _sets[(user, channel)] = merged;
        return changed;
    }

    public long Unmark(long user, long channel, long from, long to)
    {
        var before = Of(user, channel);
        var left = new List<MessageRange>();
        foreach (var range in before)
        {
            if (range.From < from)
            {
                left.Add(new MessageRange(range.From, Math.Min(range.To, from - 1)));
            }

            if (range.To > to)
            {
                left.Add(new MessageRange(Math.Max(range.From, to + 1), range.To));
            }
        }

        left = [.. left.Distinct()];
        _ = left.Count == 0 ? _sets.Remove((user, channel)) : (_sets[(user, channel)] = left) is null;
        return before.Sum(r => r.Count) - left.Sum(r => r.Count);
    }

    public List<MessageRange> Of(long user, long channel) => _sets.GetValueOrDefault((user, channel), []);

    public bool Contains(long user, long channel, long id) => Of(user, channel).Exists(r => r.From <= id && id <= r.To);

    public long FirstUnread(long user, long channel, long from)
    {
        foreach (var range in Of(user, channel))
        {
            from = range.From <= from && from <= range.To ? range.To + 1 : from;
        }

        return from;
    }

    public long Cardinality(long user, long channel, long from, long to) =>
        Of(user, channel).Sum(r => Math.Max(0, Math.Min(to, r.To) - Math.Max(from, r.From) + 1));

    public TableModel Clone()
    {
        var clone = new TableModel();
        foreach (var (key, ranges) in _sets)
        {
            clone._sets[key] = [.. ranges];
        }

        return clone;
    }

    /// <summary>Every set of the table is in the model with the same ranges, and none is missing.</summary>
    public void AssertEqual(ReadTable table)
    {
        Assert.Equal(_sets.Count, table.Count);
        var seen = new Dictionary<(long, long), List<MessageRange>>();
        table.ForEach((user, channel, ranges) =>
        {
            if (!seen.TryGetValue((user.Value, channel.Value), out var all))
            {
                seen[(user.Value, channel.Value)] = all = [];
            }

            all.AddRange(ranges);
        });
        Assert.Equal(_sets.Count, seen.Count);
        foreach (var (key, ranges) in _sets)
        {
            Assert.Equal(ranges, seen[key]);
        }
    }
}
