using BitArk.Chaos.Histories;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>
/// The log applied record by record, by the rules of the outer contract and with nothing of the product: a session's sequence once, and
/// not at all below its window. Remembers what each write changed, and when each id that somebody read changed its bit.
/// </summary>
internal sealed class LogReplay
{
    private const int SessionWindow = 64;
    private readonly Dictionary<ReadSetKey, RangeSet> _state = [];
    private readonly Dictionary<WriteIdentity, (LogRecord Record, long[] Changed)> _applied = [];
    private readonly Dictionary<long, long> _highestOfSession = [];
    private readonly Dictionary<ReadSetKey, SortedDictionary<long, BitTimeline>> _watched = [];

    private LogReplay()
    {
    }

    /// <summary>Read sets at the end of the log.</summary>
    public IReadOnlyDictionary<ReadSetKey, RangeSet> State => _state;

    /// <summary>Replays a partition's log.</summary>
    public static LogReplay Of(PartitionHistory history)
    {
        var replay = new LogReplay();
        foreach (ClusterOperation.Read read in history.Operations.OfType<ClusterOperation.Read>())
            replay.Watch(read);
        foreach (LogRecord record in history.Log.Where(record => record.IsWrite))
            replay.Apply(record);
        return replay;
    }

    /// <summary>The record by which a write was applied, and what it changed; null when it never was.</summary>
    public (LogRecord Record, long[] Changed)? TryApplied(WriteIdentity write) => _applied.TryGetValue(write, out var applied) ? applied : null;

    /// <summary>How the bit of an id that somebody read went.</summary>
    public BitTimeline Bit(ReadSetKey key, long message) => _watched[key][message];

    private void Watch(ClusterOperation.Read read)
    {
        if (!_watched.TryGetValue(read.Key, out SortedDictionary<long, BitTimeline>? bits))
            _watched.Add(read.Key, bits = []);
        foreach (long message in read.Messages)
            bits.TryAdd(message, new BitTimeline());
    }

    private void Apply(LogRecord record)
    {
        if (IsExpired(record) || _applied.ContainsKey(record.Identity))
            return;
        long[] changed = new long[record.Operations.Count];
        for (int i = 0; i < changed.Length; i++)
            changed[i] = Apply(record.Operations[i], record.End);
        _applied.Add(record.Identity, (record, changed));
    }

    private bool IsExpired(LogRecord record)
    {
        if (record.Session == 0)
            return false;
        long highest = _highestOfSession.GetValueOrDefault(record.Session);
        if (record.Sequence <= highest - SessionWindow)
            return true;
        _highestOfSession[record.Session] = Math.Max(highest, record.Sequence);
        return false;
    }

    private long Apply(in MarkOperation operation, Lsn at)
    {
        ReadSetKey key = ReadSetKey.Of(operation);
        if (!_state.TryGetValue(key, out RangeSet? state))
            _state.Add(key, state = new RangeSet());
        long changed = state.Apply(operation);
        if (changed > 0 && _watched.TryGetValue(key, out SortedDictionary<long, BitTimeline>? bits))
            Note(bits, operation, at);
        return changed;
    }

    private static void Note(SortedDictionary<long, BitTimeline> bits, in MarkOperation operation, Lsn at)
    {
        bool isMark = operation.Kind == OperationKind.Mark;
        if (operation.Range.From == operation.Range.To)
        {
            if (bits.TryGetValue(operation.Range.From, out BitTimeline? one))
                one.Set(at, isMark);
            return;
        }

        foreach ((long message, BitTimeline bit) in bits)
        {
            if (message > operation.Range.To)
                return;
            if (message >= operation.Range.From)
                bit.Set(at, isMark);
        }
    }
}
