namespace BitArk.Cluster;

/// <summary>
/// What front ends (gRPC, JSON, RESP, the in-process load generator) see of a node. It holds no request state: it finds
/// the partition and hands out its <see cref="IPartition"/>. Safe for concurrent use.
/// </summary>
public interface IReadStatusNode
{
    /// <summary>Identity of the cluster that the data directory belongs to; all zeros while the cluster is being created.</summary>
    ClusterId ClusterId { get; }

    /// <summary>This node's name.</summary>
    string NodeName { get; }

    /// <summary>All partitions, indexed by <see cref="PartitionId.Value"/>; those without a replica here forward everything.</summary>
    IReadOnlyList<IPartition> Partitions { get; }

    /// <summary>The nodes of the cluster; null where this one is alone.</summary>
    INodeDirectory? Directory => null;

    /// <summary>How often this node has built its connection to the other nodes anew since the process began.</summary>
    long Rebuilds => 0;

    /// <summary>Who moves leaderships, and moving one by hand; null where this node is alone.</summary>
    ILeaderships? Leaderships => null;

    /// <summary>The namespaces callers may name.</summary>
    IReadOnlyDictionary<string, NamespaceId> Namespaces { get; }
}
