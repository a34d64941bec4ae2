using System.Diagnostics.Metrics;
using BitArk.Cluster;

namespace BitArk.Node.Metrics;

/// <summary>Gauges of every hosted replica, read when scraped: positions in the log, what memory holds, whether it serves.</summary>
internal static class PartitionInstruments
{
    /// <summary>Publishes the gauges of a node on a meter.</summary>
    public static void Publish(Meter meter, IReadStatusNode node)
    {
        Position("bitark.log.written_lsn", "End of what is durable in the log.", p => p.WrittenLsn.Value);
        Position("bitark.log.commit_lsn", "End of what the commit rule calls safe.", p => p.CommitLsn.Value);
        Position("bitark.log.commit_lag", "Bytes that are durable here and not yet committed.", p => Math.Max(0, p.WrittenLsn.Value - p.CommitLsn.Value));
        Position("bitark.log.last_applied_lsn", "End of what is durable and applied to memory.", p => p.LastAppliedLsn.Value);
        Position("bitark.log.min_retained_lsn", "Oldest position still in the log's files.", p => p.MinRetainedLsn.Value);
        Position("bitark.snapshot.lsn", "Position of the newest durable snapshot.", p => p.SnapshotLsn.Value);
        Position("bitark.epoch", "Epoch of the leader.", p => p.Epoch.Value, unit: null);
        Position("bitark.read_sets", "Read sets in memory.", p => p.ReadSets, unit: null);
        Position("bitark.memory", "Memory that the read sets take.", p => p.MemoryBytes);

        meter.CreateObservableGauge(
            "bitark.partition.serving",
            () => Observe(node, partition => partition.Phase is PartitionPhase.Serving or PartitionPhase.Following ? 1 : 0),
            description: "1 while the replica leads or follows, 0 otherwise.");
        meter.CreateObservableGauge(
            "bitark.partition.leading",
            () => Observe(node, partition => partition.Leadership.IsLocal ? 1 : 0),
            description: "1 while this node leads the partition, 0 otherwise.");
        meter.CreateObservableGauge(
            "bitark.partition.recovery.progress",
            () => Observe(node, partition => partition.Phase is PartitionPhase.Recovering recovering ? recovering.Progress : 1),
            description: "0 … 1 while snapshot and log are read; 1 afterwards.");

        meter.CreateObservableCounter(
            "bitark.actor_system.rebuilds",
            () => node.Rebuilds,
            description: "Times the node was given up by the others, or found more of them elsewhere, and built its ActorSystem anew to join them again.");

        void Position(string name, string description, Func<PartitionPositions, long> read, string? unit = "By") =>
            meter.CreateObservableGauge(name, () => Observe(node, partition => read(partition.Positions)), unit, description);
    }

    private static IEnumerable<Measurement<T>> Observe<T>(IReadStatusNode node, Func<IPartition, T> read)
        where T : struct
    {
        foreach (var partition in node.Partitions)
            yield return new Measurement<T>(read(partition), new KeyValuePair<string, object?>("partition", partition.Id.Value));
    }
}
