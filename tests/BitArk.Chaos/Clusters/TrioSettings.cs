namespace BitArk.Chaos.Clusters;

/// <summary>How three nodes under test are started: everything small and quick.</summary>
internal sealed record TrioSettings
{
    /// <summary>Partitions of the cluster.</summary>
    public int Partitions { get; init; } = 2;

    /// <summary>Log bytes after which a snapshot is due.</summary>
    public int SnapshotEveryBytes { get; init; } = 256 << 10;

    /// <summary>Whether the others reach the leader through links that can be slowed, cut and made to lie.</summary>
    public bool HasLinks { get; init; }

    /// <summary>Where each node lives; none: on loopback, in directories beside each other.</summary>
    public IReadOnlyList<NodeSite> Sites { get; init; } = [];

    /// <summary>More settings of every node.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>What every node of the cluster is told.</summary>
    public IEnumerable<string> Common(IEnumerable<string> seeds) =>
    [
        "bitark.replication-factor=3",
        "bitark.cluster.expected-nodes=3",
        $"bitark.cluster.seed-nodes=[{string.Join(", ", seeds.Select(seed => $"\"{seed}\""))}]",
        "bitark.failover.profile=fast",
        // Leaders move when a verb makes them.
        "bitark.failover.rebalance-after=0s",
        "bitark.replication.heartbeat-interval=100ms",
        "bitark.replication.slow-after=500ms",
        "bitark.replication.dead-after=3s",
        "bitark.gc.max-lag-bytes=1MiB",
        // Of machines that do too much at once: a node that merely got no processor for a second is not given up.
        "akka.cluster.failure-detector.acceptable-heartbeat-pause=2s",
        .. More,
    ];
}
