using Akka.Actor;

namespace BitArk.Cluster.Replication;

/// <summary>Where the other replicas of a partition are. Any thread.</summary>
internal interface IReplicaRoutes
{
    /// <summary>The PartitionActor of a partition on a node; null while the node is not known to be there.</summary>
    ICanTell? PartitionAt(NodeId node, PartitionId partition);
}

/// <summary>A lone node: there is nobody else.</summary>
internal sealed class NoRoutes : IReplicaRoutes
{
    public static readonly NoRoutes Instance = new();

    public ICanTell? PartitionAt(NodeId node, PartitionId partition) => null;
}
