using BitArk.Chaos.Histories;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using BitArk.Storage.Wal;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>The history of a right cluster with one anomaly planted, somewhere by chance.</summary>
internal sealed class PlantedClusterHistory
{
    private readonly Random _random;
    private readonly ModelCluster _cluster;
    private readonly PartitionHistory _right;

    private PlantedClusterHistory(int seed, int operations)
    {
        _random = new Random(seed);
        _cluster = new ModelCluster(seed, operations);
        _right = _cluster.History();
    }

    /// <summary>Makes one; null when this history has no place for the anomaly.</summary>
    public static PartitionHistory? TryMake(int seed, int operations, ClusterAnomaly anomaly) => new PlantedClusterHistory(seed, operations).Harm(anomaly);

    private PartitionHistory? Harm(ClusterAnomaly anomaly) => anomaly switch
    {
        ClusterAnomaly.None => _right,
        ClusterAnomaly.LostWrite => Rewrite(Acked(), record => new LogRecord(record.Start, record.End, record.Epoch, RecordType.Pad, record.Checksum)),
        ClusterAnomaly.OtherEpoch => WithOperation(Any<ClusterOperation.Write>(IsAcked), write => write with { Token = write.Token!.Value with { Epoch = new Epoch(write.Token.Value.Epoch.Value - 1) } }),
        ClusterAnomaly.Phantom => Phantom(),
        ClusterAnomaly.AlteredWrite => Rewrite(Acked(), record => record with { Operations = [.. record.Operations.Take(record.Operations.Count - 1), record.Operations[^1] with { Channel = new ChannelId(3) }] }),
        ClusterAnomaly.Reordered => Reordered(),
        ClusterAnomaly.Gap => WithLog([.. _right.Log.Where(Except(_random.Next(1, _right.Log.Count - 1)))]),
        ClusterAnomaly.EpochFell => Rewrite(AnyRecord(record => record.Epoch.Value > 1 && !IsFirstOfEpoch(record)), record => record with { Epoch = new Epoch(record.Epoch.Value - 1) }),
        ClusterAnomaly.RefusedApplied => WithOperation(Any<ClusterOperation.Write>(IsAcked), write => write with { Outcome = Outcome.Failed, Token = null, Changed = [], Reason = "NO_LEADER" }),
        ClusterAnomaly.UnknownTooEarly => TooEarly(Any<ClusterOperation.Write>(write => write.Outcome == Outcome.Unknown && RecordOf(write) is not null)),
        ClusterAnomaly.WriteTooEarly => TooEarly(Any<ClusterOperation.Write>(IsAcked)),
        ClusterAnomaly.AppliedTwice => WithOperation(Any<ClusterOperation.Write>(write => IsAcked(write) && write.Changed.Any(count => count > 0)), write => write with { Changed = [.. write.Changed.Select(_ => 0L)] }),
        ClusterAnomaly.TokenFell => WithOperation(Any<ClusterOperation>(operation => operation is { Outcome: Outcome.Ok, Sent: { } sent } && sent.Lsn > _right.Log[0].End), Fallen),
        ClusterAnomaly.BeyondCommit => WithOperation(AnyRead(_ => true), read => read with { Token = read.Token!.Value with { Lsn = _right.Log[^1].End.Plus(64) } }),
        ClusterAnomaly.TornToken => WithOperation(AnyRead(_ => true), read => read with { Token = read.Token!.Value with { Lsn = read.Token.Value.Lsn.Plus(4) } }),
        ClusterAnomaly.StaleLeaderToken => StaleToken(),
        ClusterAnomaly.StaleLeaderBits => StaleBits(Consistency.Leader),
        ClusterAnomaly.StaleTokenBits => StaleBits(Consistency.Token),
        ClusterAnomaly.ImpossibleBits => ImpossibleBits(),
        ClusterAnomaly.TwoLeaders => _right with { Claims = [.. _right.Claims, _right.Claims[_random.Next(_right.Claims.Count)] with { Node = "node9" }] },
        ClusterAnomaly.DivergedLog => WithReplica(replica => replica with { Log = Changed(replica.Log, _random.Next(replica.Log.Count), record => record with { Checksum = record.Checksum ^ 1 }) }),
        ClusterAnomaly.ShortLog => WithReplica(replica => replica with { Log = [.. replica.Log.SkipLast(1)] }),
        ClusterAnomaly.OtherDigest => WithReplica(replica => replica with { Digest = replica.Digest ^ 1 }),
        ClusterAnomaly.OtherMemory => WithReplica(OtherMemory),
        _ => throw new ArgumentOutOfRangeException(nameof(anomaly), anomaly, "not a kind of harm"),
    };

    private static bool IsAcked(ClusterOperation operation) => operation is { Outcome: Outcome.Ok, Token: not null };

    private static Func<LogRecord, int, bool> Except(int index) => (_, i) => i != index;

    private static List<LogRecord> Changed(IReadOnlyList<LogRecord> log, int at, Func<LogRecord, LogRecord> change) => [.. log.Select((record, i) => i == at ? change(record) : record)];

    private LogRecord? RecordOf(ClusterOperation.Write write) => _right.Log.FirstOrDefault(record => record.IsWrite && record.Identity == write.Identity);

    private bool IsFirstOfEpoch(LogRecord record) => _right.Log.First(other => other.Epoch == record.Epoch) == record;

    private T? Any<T>(Func<T, bool> fits)
        where T : ClusterOperation
    {
        T[] all = [.. _right.Operations.OfType<T>().Where(fits)];
        return all.Length > 0 ? all[_random.Next(all.Length)] : null;
    }

    private ClusterOperation.Read? AnyRead(Func<ClusterOperation.Read, bool> fits) => Any<ClusterOperation.Read>(read => IsAcked(read) && fits(read));

    private LogRecord? AnyRecord(Func<LogRecord, bool> fits)
    {
        LogRecord[] all = [.. _right.Log.Where(fits)];
        return all.Length > 0 ? all[_random.Next(all.Length)] : null;
    }

    // The record of a write that was acknowledged at it.
    private LogRecord? Acked() =>
        Any<ClusterOperation.Write>(IsAcked) is { } write ? _right.Log.First(record => record.End == write.Token!.Value.Lsn) : null;

    private PartitionHistory WithLog(IReadOnlyList<LogRecord> log) => _right with { Log = log, Replicas = [.. _right.Replicas.Select(replica => replica with { Log = log })] };

    private PartitionHistory? Rewrite(LogRecord? target, Func<LogRecord, LogRecord> change) =>
        target is null ? null : WithLog([.. _right.Log.Select(record => record == target ? change(record) : record)]);

    private PartitionHistory? WithOperation<T>(T? target, Func<T, ClusterOperation> change)
        where T : ClusterOperation =>
        target is null ? null : _right with { Operations = [.. _right.Operations.Select(operation => ReferenceEquals(operation, target) ? change(target) : operation)] };

    private PartitionHistory WithReplica(Func<ReplicaDump, ReplicaDump> change)
    {
        int at = _random.Next(_right.Replicas.Count);
        return _right with { Replicas = [.. _right.Replicas.Select((replica, i) => i == at ? change(replica) : replica)] };
    }

    private PartitionHistory Phantom()
    {
        LogRecord last = _right.Log[^1];
        var phantom = new LogRecord(last.End, last.End.Plus(32), last.Epoch, RecordType.Marks, 5)
        {
            Operations = [new MarkOperation(OperationKind.Mark, NamespaceId.Default, new UserId(77), new ChannelId(1), new MessageRange(1, 1))],
        };
        return WithLog([.. _right.Log, phantom]);
    }

    private PartitionHistory? Reordered()
    {
        LogRecord? first = Acked();
        LogRecord? second = first is null ? null : AnyRecord(record => record.IsWrite && record.Identity != first.Identity && record.Epoch == first.Epoch);
        return second is null
            ? null
            : WithLog([.. _right.Log.Select(record => record == first ? Exchanged(first, second) : record == second ? Exchanged(second, first!) : record)]);
    }

    private static LogRecord Exchanged(LogRecord place, LogRecord content) =>
        place with { Session = content.Session, Sequence = content.Sequence, Operations = content.Operations };

    // As if it had been sent only after something was answered that lies behind its record.
    private PartitionHistory? TooEarly(ClusterOperation.Write? write)
    {
        if (write is null || RecordOf(write) is not { } record)
            return null;
        ClusterOperation? later = Any<ClusterOperation>(other => !ReferenceEquals(other, write) && IsAcked(other) && other.Token!.Value.Lsn >= record.End);
        return later is null ? null : WithOperation(write, moved => moved with { Invoke = later.Return + 1, Return = later.Return + 2 });
    }

    private ClusterOperation Fallen(ClusterOperation operation)
    {
        LogRecord lower = _right.Log.Last(record => record.End < operation.Sent!.Value.Lsn);
        return operation with { Token = operation.Sent!.Value with { Lsn = lower.End } };
    }

    private PartitionHistory? StaleToken()
    {
        var complete = new Completions(_right.Operations.Where(operation => IsAcked(operation) && operation is ClusterOperation.Write).Select(operation => (operation.Return, operation.Token!.Value.Lsn)));
        ClusterOperation.Read? read = AnyRead(one => one.Consistency == Consistency.Leader && complete.Before(one.Invoke) > _right.Log[0].End);
        return WithOperation(read, one => one with { Token = one.Token!.Value with { Lsn = _right.Log.Last(record => record.End < complete.Before(one.Invoke)).End } });
    }

    // Bits of an old state that no state which the read may have seen has.
    private PartitionHistory? StaleBits(Consistency consistency)
    {
        LogReplay replay = LogReplay.Of(_right);
        var written = new Completions(_right.Operations.Where(operation => IsAcked(operation) && operation is ClusterOperation.Write).Select(operation => (operation.Return, operation.Token!.Value.Lsn)));
        foreach (ClusterOperation.Read read in _right.Operations.OfType<ClusterOperation.Read>().Where(read => IsAcked(read) && read.Consistency == consistency).Reverse())
        {
            Lsn from = consistency == Consistency.Leader ? written.Before(read.Invoke) : read.Sent!.Value.Lsn;
            for (int i = 0; i < read.Messages.Count; i++)
            {
                BitTimeline bit = replay.Bit(read.Key, read.Messages[i]);
                if (bit.Changes(from, read.Token!.Value.Lsn).Any() || !bit.Changes(Lsn.Zero, from).Any())
                    continue;
                return WithOperation(read, one => one with { Messages = [one.Messages[i]], Bits = [!bit.At(from)] });
            }
        }

        return null;
    }

    private PartitionHistory? ImpossibleBits()
    {
        LogReplay replay = LogReplay.Of(_right);
        ClusterOperation.Read? read = AnyRead(one => one.Messages.Any(message => !replay.Bit(one.Key, message).Changes(Lsn.Zero, one.Token!.Value.Lsn).Any()));
        return WithOperation(read, one => one with
        {
            Bits = [.. one.Messages.Zip(one.Bits, (message, bit) => bit || !replay.Bit(one.Key, message).Changes(Lsn.Zero, one.Token!.Value.Lsn).Any())],
        });
    }

    private ReplicaDump OtherMemory(ReplicaDump replica)
    {
        Dictionary<ReadSetKey, RangeSet> state = replica.State.ToDictionary(one => one.Key, one => one.Value.Copy());
        RangeSet some = state.Values.ElementAt(_random.Next(state.Count));
        if (_random.Next(2) == 0 || some.Count == 0)
            some.Add(new MessageRange(500, 500));
        else
            some.Remove(some.Ranges[0]);
        return replica with { State = state };
    }
}
