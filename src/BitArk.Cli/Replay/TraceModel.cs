namespace BitArk.Cli.Replay;

/// <summary>What a trace must leave behind in a node: every read set, and the newest message of every channel.</summary>
internal sealed class TraceModel
{
    private static readonly ModelReadSet Empty = new();
    private readonly Dictionary<(long User, long Channel), ModelReadSet> _sets = [];
    private readonly SortedDictionary<long, long> _heads = [];
    private readonly HashSet<long> _users = [];

    /// <summary>Lines of kind "read".</summary>
    public long Reads { get; private set; }

    /// <summary>Lines of kind "post".</summary>
    public long Posts { get; private set; }

    /// <summary>Message ids in all read lines, repeated ones counted each time.</summary>
    public long Marks { get; private set; }

    /// <summary>Message ids in all read sets, each counted once.</summary>
    public long DistinctMarks { get; private set; }

    /// <summary>How many read sets are not empty.</summary>
    public int ReadSetCount => _sets.Count;

    /// <summary>How many ranges they are made of.</summary>
    public long RangeCount => _sets.Values.Sum(set => (long)set.Ranges.Count);

    /// <summary>Everybody who posted or read, ascending.</summary>
    public IEnumerable<long> Users => _users.Order();

    /// <summary>How many those are.</summary>
    public int UserCount => _users.Count;

    /// <summary>Channel and the id of its last post, ascending; 0 where nothing was posted.</summary>
    public IReadOnlyDictionary<long, long> Heads => _heads;

    /// <summary>Builds the model of a whole trace.</summary>
    public static TraceModel Of(IEnumerable<TraceRow> rows)
    {
        var model = new TraceModel();
        foreach (var row in rows)
        {
            model.Add(row);
        }

        return model;
    }

    /// <summary>The read set of a user in a channel; an empty one where nothing was read.</summary>
    public ModelReadSet Set(long user, long channel) => _sets.GetValueOrDefault((user, channel), Empty);

    private void Add(TraceRow row)
    {
        _users.Add(row.User);
        _heads.TryAdd(row.Channel, 0);
        if (row.Kind == TraceKind.Post)
        {
            Posts++;
            _heads[row.Channel] = Math.Max(_heads[row.Channel], row.To);
            return;
        }

        Reads++;
        Marks += row.To - row.From + 1;
        if (!_sets.TryGetValue((row.User, row.Channel), out var set))
        {
            _sets.Add((row.User, row.Channel), set = new ModelReadSet());
        }

        DistinctMarks += set.Add(row.From, row.To);
    }
}
