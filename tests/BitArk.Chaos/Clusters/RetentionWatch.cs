using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.Clusters;

/// <summary>Watches, by the leader's own view and its directory, what is kept while a follower stands still.</summary>
internal sealed class RetentionWatch(Trio trio, Member well, Member frozen)
{
    private long? _began;

    /// <summary>What the leader said of the frozen follower.</summary>
    public SortedSet<string> FrozenStatuses { get; } = [];

    /// <summary>What the leader said of the other.</summary>
    public SortedSet<string> WellStatuses { get; } = [];

    /// <summary>Whether the leader's log ever began beyond what the other follower had.</summary>
    public bool WellLostLog { get; private set; }

    /// <summary>Whether the leader's log begins beyond what the frozen follower has.</summary>
    public bool RetainedPast { get; private set; }

    /// <summary>The end of what the frozen follower acknowledged.</summary>
    public long FrozenAt { get; private set; }

    /// <summary>The most that the leader's partitions occupied, in bytes.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The largest snapshot seen, in bytes.</summary>
    public long BiggestSnapshot { get; private set; }

    /// <summary>Log written while watching, in bytes.</summary>
    public long LogBytes { get; private set; }

    /// <summary>Looks until so much log was written.</summary>
    /// <exception cref="NodeException">That took too long.</exception>
    public async Task UntilAsync(long logBytes, TimeSpan atMost)
    {
        bool isWritten = await Eventually.HoldsAsync(
            async () =>
            {
                Look(await trio.TryPartitionsAsync());
                return LogBytes >= logBytes;
            },
            atMost);
        if (!isWritten)
            throw new NodeException($"only {LogBytes} of {logBytes} bytes of log were written within {atMost.TotalSeconds} s: {this}");
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{LogBytes} bytes of log; frozen at {FrozenAt}: {string.Join(", ", FrozenStatuses)}; the other: {string.Join(", ", WellStatuses)}; peak {PeakBytes} bytes, biggest snapshot {BiggestSnapshot}";

    private void Look(IReadOnlyList<PartitionInfo> partitions)
    {
        Measure();
        if (partitions.Count == 0 || partitions[0].Replicas.Count < 3)
            return;
        ReplicaInfo Row(Member member) => partitions[0].Replicas.First(replica => replica.Node == member.Name);
        (ReplicaInfo leader, ReplicaInfo other, ReplicaInfo late) = (Row(trio.Leader), Row(well), Row(frozen));
        _began ??= leader.WrittenLsn;
        LogBytes = leader.WrittenLsn - _began.Value;
        FrozenStatuses.Add(late.Status);
        WellStatuses.Add(other.Status);
        WellLostLog |= other.LastAckLsn > 0 && leader.MinRetainedLsn > other.LastAckLsn;
        FrozenAt = Math.Max(FrozenAt, late.LastAckLsn);
        RetainedPast = leader.MinRetainedLsn > FrozenAt;
    }

    private void Measure()
    {
        PeakBytes = Math.Max(PeakBytes, DataDirectoryWatch.BytesIn(Path.Combine(trio.Leader.DataDirectory, "partitions")));
        foreach (string path in trio.Leader.Files(0, "snapshots", "*.snap"))
        {
            var file = new FileInfo(path);
            BiggestSnapshot = Math.Max(BiggestSnapshot, file.Exists ? file.Length : 0);
        }
    }
}
