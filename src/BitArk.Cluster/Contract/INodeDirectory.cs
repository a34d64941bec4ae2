namespace BitArk.Cluster;

/// <summary>The nodes of the cluster as this one knows them: from membership, and from what they say of themselves. Safe for concurrent use.</summary>
public interface INodeDirectory
{
    /// <summary>All known, ordered by name; this one is among them.</summary>
    IReadOnlyList<NodeView> Nodes { get; }

    /// <summary>
    /// Whether this node is not counted yet: a majority of nodes is taken without it until all others have seen it come. Whoever stops nodes one
    /// after the other waits for that, or the next stop may leave too few that count.
    /// </summary>
    bool IsJoining => false;

    /// <summary>One of them; null if it is not known.</summary>
    NodeView? Find(NodeId node) => Nodes.FirstOrDefault(known => known.Name == node);
}

/// <summary>One node as another sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="GrpcAuthority"><c>host:port</c> of its gRPC listener; empty while it has not been heard.</param>
/// <param name="Status">Whether it can be reached.</param>
/// <param name="Version">The version it runs; empty while it has not been heard.</param>
public sealed record NodeView(NodeId Name, string GrpcAuthority, NodeStatus Status, string Version);

/// <summary>Whether a node can be reached.</summary>
public enum NodeStatus
{
    /// <summary>A member that answers.</summary>
    Up = 0,

    /// <summary>A member that does not answer at the moment.</summary>
    Unreachable = 1,

    /// <summary>It is leaving.</summary>
    Leaving = 2,

    /// <summary>No member: it has gone, or has not come yet.</summary>
    Down = 3,
}
