using BitArk.Replication.Failover;

namespace BitArk.Cluster.Failover;

/// <summary>
/// What nodes and the coordinator say to each other. Any of them may be lost, repeated, delayed or overtaken. What gives a partition
/// its leader is not among them: those are messages of replication, between the coordinator and the replicas.
/// </summary>
/// <param name="Cluster">The cluster it belongs to; another one is refused.</param>
internal abstract record FailoverMessage(ClusterId Cluster);

/// <summary>
/// Coordinator to the ReplicaReporter of every node, every few hundred milliseconds: tell me how your replicas are. Answered with a
/// <see cref="NodeReport"/>.
/// </summary>
/// <param name="Cluster">See <see cref="FailoverMessage"/>.</param>
/// <param name="Proposer">Random, made at each start of a coordinator.</param>
/// <param name="Node">Where it runs.</param>
/// <param name="Sequence">Grows with each hello of a coordinator: an overtaken one is ignored.</param>
internal sealed record CoordinatorHello(ClusterId Cluster, Guid Proposer, NodeId Node, long Sequence) : FailoverMessage(Cluster);

/// <summary>ReplicaReporter to the coordinators it knows: the answer to a hello, and at once when a replica changed. Not answered.</summary>
/// <param name="Cluster">See <see cref="FailoverMessage"/>.</param>
/// <param name="Node">The node whose replicas these are.</param>
/// <param name="Sequence">Grows with each report of a reporter: an overtaken one is ignored.</param>
/// <param name="IsLeaving">The node is about to stop: it wants to lead nothing.</param>
/// <param name="Rows">Its replicas, by partition.</param>
internal sealed record NodeReport(ClusterId Cluster, NodeId Node, long Sequence, bool IsLeaving, IReadOnlyList<PartitionReport> Rows) : FailoverMessage(Cluster)
{
    /// <inheritdoc/>
    public bool Equals(NodeReport? other) =>
        other is not null && (Cluster, Node, Sequence, IsLeaving) == (other.Cluster, other.Node, other.Sequence, other.IsLeaving) && Rows.SequenceEqual(other.Rows);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Cluster, Node, Sequence, IsLeaving, Rows.Count);
}

/// <summary>One replica of a node.</summary>
internal readonly record struct PartitionReport(PartitionId Partition, ReplicaReport Report);

/// <summary>Node to coordinator: a replica is to lead. Answered with <see cref="TransferLeaderAnswer"/>; repeating it is harmless.</summary>
/// <param name="Cluster">See <see cref="FailoverMessage"/>.</param>
/// <param name="Partition">Of which partition.</param>
/// <param name="To">On which node.</param>
internal sealed record TransferLeaderOrder(ClusterId Cluster, PartitionId Partition, NodeId To) : FailoverMessage(Cluster);

/// <summary>Coordinator to node: what became of the order.</summary>
/// <param name="Cluster">See <see cref="FailoverMessage"/>.</param>
/// <param name="Result">What.</param>
/// <param name="Epoch">Which epoch the leader leads; <see cref="Epoch.None"/> where it is not known.</param>
/// <param name="Leader">Who leads now; null where it is not known.</param>
/// <param name="Unavailable">For how long nobody served, as the coordinator saw it; zero where it has not moved.</param>
internal sealed record TransferLeaderAnswer(ClusterId Cluster, TransferResult Result, Epoch Epoch, NodeId? Leader, TimeSpan Unavailable) : FailoverMessage(Cluster);
