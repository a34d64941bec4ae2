using BitArk.Cluster.Replication;
using BitArk.Replication;

namespace BitArk.Cluster.Failover;

/// <summary>What a coordinator gets from its node.</summary>
internal sealed record CoordinatorEnvironment
{
    /// <summary>The cluster; messages of another one are ignored.</summary>
    public required ClusterId Cluster { get; init; }

    /// <summary>This node.</summary>
    public required NodeId Self { get; init; }

    /// <summary>The partitions with several replicas, and these. A lone replica leads by itself.</summary>
    public required IReadOnlyDictionary<PartitionId, ReplicaSet> Partitions { get; init; }

    /// <summary>Where the replicas are.</summary>
    public required IReplicaRoutes Routes { get; init; }

    /// <summary>Where nodes are, and whether they are heard of.</summary>
    public required INodeContacts Contacts { get; init; }

    /// <summary>How patient it is.</summary>
    public required CoordinatorTiming Timing { get; init; }

    /// <summary>How long all must be well before leaderships are spread again; zero: never.</summary>
    public TimeSpan RebalanceAfter { get; init; }

    /// <summary>A monotonic clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>For jitter.</summary>
    public Random Random { get; init; } = Random.Shared;
}
