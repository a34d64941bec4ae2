using BitArk.Replication;

namespace BitArk.Cluster.Creation;

/// <summary>Who holds what: made once, when the cluster is created, and equal on all of its nodes.</summary>
/// <param name="ClusterId">The cluster's identity.</param>
/// <param name="Terms">What was fixed with it.</param>
/// <param name="Nodes">The data nodes, ordinally by name, each once; at least the replication factor.</param>
public sealed record ClusterLayout(ClusterId ClusterId, LayoutTerms Terms, IReadOnlyList<NodeId> Nodes)
{
    /// <summary>The replicas of a partition: <c>nodes[(p + i) mod N]</c> for <c>i</c> below the replication factor.</summary>
    public ReplicaSet ReplicasOf(PartitionId partition) =>
        new(Enumerable.Range(0, Terms.ReplicationFactor).Select(i => Nodes[(partition.Value + i) % Nodes.Count]));

    /// <summary>Whether a node is one of the data nodes.</summary>
    public bool Names(NodeId node) => Nodes.Contains(node);

    /// <summary>Whether a node has a replica of a partition.</summary>
    public bool Hosts(NodeId node, PartitionId partition) => ReplicasOf(partition).Contains(node);

    /// <inheritdoc/>
    public bool Equals(ClusterLayout? other) =>
        other is not null && ClusterId == other.ClusterId && Terms == other.Terms && Nodes.SequenceEqual(other.Nodes);

    /// <inheritdoc/>
    public override int GetHashCode() => Nodes.Aggregate(HashCode.Combine(ClusterId, Terms), HashCode.Combine);
}
