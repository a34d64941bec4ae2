namespace BitArk.Chaos.Histories;

/// <summary>
/// The acknowledged history of one lane: a client that owns its read sets alone and has one write in flight at a time,
/// so that the history of each read set is a sequence and its state needs no search. Not thread-safe.
/// </summary>
internal sealed class LaneHistory(int partitionCount)
{
    private readonly Dictionary<ReadSetKey, RangeSet> _acknowledged = [];
    private readonly List<UnknownGroup> _unknown = [];
    private readonly List<Finding> _wrongAnswers = [];

    /// <summary>The state that the acknowledged operations give, for every read set ever touched.</summary>
    public IReadOnlyDictionary<ReadSetKey, RangeSet> Acknowledged => _acknowledged;

    /// <summary>Records whose outcome is open.</summary>
    public IReadOnlyList<UnknownGroup> Unknown => _unknown;

    /// <summary>Answers that contradict the history, such as a wrong number of changed ids.</summary>
    public IReadOnlyList<Finding> WrongAnswers => _wrongAnswers;

    /// <summary>Operations acknowledged so far.</summary>
    public long AcknowledgedCount { get; private set; }

    /// <summary>Takes the answers to one write, in the order of its operations.</summary>
    public void Record(IReadOnlyList<MarkOperation> write, IReadOnlyList<OperationAnswer> answers)
    {
        var open = new Dictionary<PartitionId, List<MarkOperation>>();
        for (int i = 0; i < write.Count; i++)
        {
            MarkOperation operation = write[i];
            RangeSet state = State(ReadSetKey.Of(operation));
            switch (answers[i])
            {
                case OperationAnswer.Acknowledged acknowledged:
                    AcknowledgedCount++;
                    long expected = state.Apply(operation);
                    if (expected != acknowledged.Changed && acknowledged is not { IsRepeat: true, Changed: 0 })
                        _wrongAnswers.Add(new Finding.WrongCount(ReadSetKey.Of(operation), expected, acknowledged.Changed));
                    break;
                case OperationAnswer.Unknown:
                    // The operations of one write that go to one partition are one record: all of them or none.
                    PartitionId partition = PartitionId.Of(operation.User, partitionCount);
                    if (!open.TryGetValue(partition, out List<MarkOperation>? group))
                        open.Add(partition, group = []);
                    group.Add(operation);
                    break;
            }
        }

        foreach (List<MarkOperation> group in open.Values)
            _unknown.Add(new UnknownGroup(group));
    }

    /// <summary>Makes what was found after a restart the truth from here on: open outcomes are settled by it.</summary>
    public void Adopt(IReadOnlyDictionary<ReadSetKey, RangeSet> found)
    {
        foreach (ReadSetKey key in _acknowledged.Keys.ToArray())
            _acknowledged[key] = found.TryGetValue(key, out RangeSet? state) ? state.Copy() : new RangeSet();
        _unknown.Clear();
        _wrongAnswers.Clear();
    }

    private RangeSet State(ReadSetKey key)
    {
        if (!_acknowledged.TryGetValue(key, out RangeSet? state))
            _acknowledged.Add(key, state = new RangeSet());
        return state;
    }
}

/// <summary>The operations of one log record whose outcome is open.</summary>
internal sealed record UnknownGroup(IReadOnlyList<MarkOperation> Operations);
