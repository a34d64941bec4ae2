namespace BitArk.Chaos.Histories;

/// <summary>The kinds of harm that the self test does to a history on purpose.</summary>
internal enum Anomaly
{
    /// <summary>None: the checker must stay silent.</summary>
    None,

    /// <summary>An acknowledged record from the middle is gone.</summary>
    LostRecord,

    /// <summary>The last acknowledged records are gone.</summary>
    LostTail,

    /// <summary>A mark that nobody sent.</summary>
    Phantom,

    /// <summary>An unmark that changed places with the mark before it.</summary>
    ReorderedUnmark,

    /// <summary>A record that was applied a second time at the end.</summary>
    AppliedTwice,

    /// <summary>Half of a record whose outcome is open.</summary>
    HalfApplied,

    /// <summary>A write that was refused and is there nevertheless.</summary>
    RefusedApplied,

    /// <summary>An answer with one changed id too many.</summary>
    WrongCount,
}

/// <summary>One seeded history of a lane with, perhaps, one anomaly planted; what a node would then show is made by replaying the harmed log.</summary>
internal sealed class PlantedHistory
{
    private readonly LaneHistory _history = new(partitionCount: 1);
    private readonly List<IReadOnlyList<MarkOperation>> _log = [];
    private readonly Random _random;
    private readonly Workload _workload;
    private readonly IReadOnlyList<MarkOperation> _open;
    private readonly IReadOnlyList<MarkOperation> _refused;

    /// <summary>Lives through <paramref name="writes"/> writes, the last of them with an open outcome.</summary>
    public PlantedHistory(int seed, int writes, Anomaly anomaly)
    {
        _random = new Random(seed);
        _workload = new Workload(lane: seed % 5, seed);
        Dictionary<ReadSetKey, RangeSet> truth = [];
        for (int i = 0; i < writes; i++)
        {
            IReadOnlyList<MarkOperation> write = _workload.Next();
            _log.Add(write);
            long lie = anomaly == Anomaly.WrongCount && i == writes / 2 ? 1 : 0;
            _history.Record(write, [.. write.Select(operation => new OperationAnswer.Acknowledged(Apply(truth, operation) + lie))]);
        }

        _refused = _workload.Next();
        _history.Record(_refused, [.. _refused.Select(_ => new OperationAnswer.Refused("OVERLOADED"))]);
        _open = NextOfSeveral();
        _history.Record(_open, [.. _open.Select(_ => new OperationAnswer.Unknown("connection lost"))]);
        Harm(anomaly);
    }

    /// <summary>Whether the harm can be seen at all: dropping a mark that a later one covers changes nothing.</summary>
    public bool IsVisible { get; private set; } = true;

    /// <summary>What the checker says.</summary>
    public List<Finding> Check() => HistoryChecker.Check(_history, Replay(_log));

    private void Harm(Anomaly anomaly)
    {
        Dictionary<ReadSetKey, RangeSet> without = Replay(_log);
        Dictionary<ReadSetKey, RangeSet> with = Replay([.. _log, _open]);
        int at = _random.Next(_log.Count);
        switch (anomaly)
        {
            case Anomaly.None when _random.Next(2) == 0:
                _log.Add(_open);
                break;
            case Anomaly.LostRecord:
                _log.RemoveAt(at);
                break;
            case Anomaly.LostTail:
                _log.RemoveRange(_log.Count - 3, 3);
                break;
            case Anomaly.Phantom:
                _log.Insert(at, _workload.Next());
                break;
            case Anomaly.ReorderedUnmark:
                (int mark, int unmark) = MarkThenUnmark();
                (_log[mark], _log[unmark]) = (_log[unmark], _log[mark]);
                break;
            case Anomaly.AppliedTwice:
                _log.Add(_log[MarkThenUnmark().Mark]);
                break;
            case Anomaly.HalfApplied:
                _log.Add([.. _open.Take(1)]);
                break;
            case Anomaly.RefusedApplied:
                _log.Add(_refused);
                break;
        }

        if (anomaly is not (Anomaly.None or Anomaly.WrongCount))
        {
            Dictionary<ReadSetKey, RangeSet> harmed = Replay(_log);
            IsVisible = !Same(harmed, without) && !Same(harmed, with);
        }
    }

    /// <summary>A mark and a later unmark of the same read set that share ids; the same place twice when there are none.</summary>
    private (int Mark, int Unmark) MarkThenUnmark()
    {
        for (int mark = 0; mark < _log.Count; mark++)
        {
            MarkOperation first = _log[mark][0];
            int unmark = _log.FindIndex(mark + 1, write => write[0].Kind == OperationKind.Unmark
                && ReadSetKey.Of(write[0]) == ReadSetKey.Of(first)
                && write[0].Range.From <= first.Range.To && first.Range.From <= write[0].Range.To);
            if (unmark > 0 && first.Kind == OperationKind.Mark)
                return (mark, unmark);
        }

        return (0, 0);
    }

    private IReadOnlyList<MarkOperation> NextOfSeveral()
    {
        IReadOnlyList<MarkOperation> write = _workload.Next();
        while (write.Count < 2)
            write = _workload.Next();
        return write;
    }

    private static Dictionary<ReadSetKey, RangeSet> Replay(IEnumerable<IReadOnlyList<MarkOperation>> log)
    {
        Dictionary<ReadSetKey, RangeSet> states = [];
        foreach (MarkOperation operation in log.SelectMany(write => write))
            Apply(states, operation);
        return states;
    }

    private static long Apply(Dictionary<ReadSetKey, RangeSet> states, in MarkOperation operation)
    {
        if (!states.TryGetValue(ReadSetKey.Of(operation), out RangeSet? state))
            states.Add(ReadSetKey.Of(operation), state = new RangeSet());
        return state.Apply(operation);
    }

    private static bool Same(Dictionary<ReadSetKey, RangeSet> left, Dictionary<ReadSetKey, RangeSet> right) =>
        left.Keys.Union(right.Keys).All(key => At(left, key).Equals(At(right, key)));

    private static RangeSet At(Dictionary<ReadSetKey, RangeSet> states, ReadSetKey key) =>
        states.TryGetValue(key, out RangeSet? state) ? state : new RangeSet();
}
