using System.Diagnostics.Metrics;
using BitArk.Cluster;

namespace BitArk.Node.Metrics;

/// <summary>
/// Gauges and counts of replication, read when scraped. What a leader knows of its followers has the labels
/// <c>partition</c> and <c>node</c>, and is there only while this node leads the partition. Names: docs/operations.md.
/// </summary>
internal static class ReplicaInstruments
{
    /// <summary>Publishes them on a meter.</summary>
    public static void Publish(Meter meter, IReadStatusNode node)
    {
        Gauge("bitark.replica.lag", "By", "Bytes of log that a replica has not acknowledged.", r => r.LagBytes);
        Gauge("bitark.replica.matched_lsn", "By", "Position up to which a replica's log is durable and known equal to the leader's.", r => r.LastAckLsn.Value);
        Gauge("bitark.replica.last_applied_lsn", "By", "Position up to which a replica has applied the log.", r => r.LastAppliedLsn.Value);
        Gauge("bitark.replica.status", null, "0 Alive, 1 Slow, 2 Outdated, 3 Syncing, 4 Dead, 5 Damaged.", r => (long)r.Status);
        meter.CreateObservableGauge(
            "bitark.replica.lag.time", () => OfReplicas(node, r => r.Lag.TotalSeconds), "s", "Time since a replica last had everything that the leader had.");
        meter.CreateObservableGauge(
            "bitark.replica.sync.progress", () => OfReplicas(node, r => r.SyncProgress), description: "0 … 1 while a replica is Syncing.");

        Gauge("bitark.replica.in_flight", "By", "Bytes sent to a follower and not yet acknowledged.", r => r.Stream?.InFlightBytes);
        Count("bitark.replica.retransmits", "How often the stream to a follower was sent again after a timeout.", r => r.Stream?.Retransmits);
        Count("bitark.replica.nacks", "How often a follower asked for its stream again.", r => r.Stream?.Nacks);
        Count("bitark.replica.checksum_failures", "How often because the bytes were damaged on the way.", r => r.Stream?.ChecksumFailures);
        Count("bitark.replica.full_syncs", "How often a follower was sent a snapshot.", r => r.Stream?.FullSyncs);

        Received("bitark.partition.foreign_messages", "Messages of another cluster or partition, refused.", c => c.ForeignMessages);
        Received("bitark.partition.checksum_failures", "Pieces of log or snapshot that arrived damaged, asked for again.", c => c.ChecksumFailures);
        Received("bitark.partition.full_syncs", "Snapshots installed from the leader.", c => c.FullSyncs);
        Received("bitark.partition.duplicates", "Batches received that were here already.", c => c.Duplicates);
        Received("bitark.partition.truncations", "Times the log was cut because its history differed from the leader's.", c => c.Truncations);
        Received("bitark.partition.lost_tail_bytes", "Bytes of log that a leader had committed alone (commit-rule = leader), given up here for the history of a later leader.", c => c.LostTailBytes);
        Received("bitark.partition.refused_epochs", "Batches of a leader of an earlier epoch, refused.", c => c.RefusedEpochs);

        Received("bitark.partition.log_read_failures", "Reads of the log that failed for a want of descriptors or the like, and are repeated.", c => c.LogReadFailures);

        void Gauge(string name, string? unit, string description, Func<ReplicaView, long?> read) =>
            meter.CreateObservableGauge(name, () => OfReplicas(node, read), unit, description);

        void Count(string name, string description, Func<ReplicaView, long?> read) =>
            meter.CreateObservableCounter(name, () => OfReplicas(node, read), description: description);

        void Received(string name, string description, Func<WireCounts, long> read) =>
            meter.CreateObservableCounter(name, () => node.Partitions.Select(p => new Measurement<long>(read(p.WireCounts), Partition(p))), description: description);
    }

    private static IEnumerable<Measurement<T>> OfReplicas<T>(IReadStatusNode node, Func<ReplicaView, T?> read)
        where T : struct
    {
        foreach (var partition in node.Partitions)
        {
            foreach (var replica in partition.Replicas)
            {
                if (read(replica) is { } value)
                    yield return new Measurement<T>(value, Partition(partition), new("node", replica.Node.Name));
            }
        }
    }

    private static IEnumerable<Measurement<double>> OfReplicas(IReadStatusNode node, Func<ReplicaView, double> read) =>
        OfReplicas<double>(node, replica => read(replica));

    private static KeyValuePair<string, object?> Partition(IPartition partition) => new("partition", partition.Id.Value);
}
