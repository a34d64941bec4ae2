using BitArk.Replication.Failover;

namespace BitArk.Replication.Messages;

/// <summary>Proposer to replica: promise to follow nobody below this epoch. Answered with <see cref="Promise"/> or <see cref="PrepareRefused"/>.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch proposed.</param>
/// <param name="Proposer">Random, made at each start of a proposer: the same epoch is promised again only to the same one.</param>
/// <param name="From">The node that proposes.</param>
public sealed partial record Prepare(ClusterId Cluster, PartitionId Partition, Epoch Epoch, Guid Proposer, NodeId From)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Replica to proposer: durable here; nothing below the epoch is appended or acknowledged any more.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch promised.</param>
/// <param name="Proposer">To whom.</param>
/// <param name="From">The replica.</param>
/// <param name="LastEpoch">The epoch of the last record in its log.</param>
/// <param name="WrittenLsn">The end of its log, read after the log was fenced.</param>
/// <param name="Lease">How long, from now, an earlier leader may still count on what this replica granted it.</param>
/// <param name="GivenUp">The latest epoch that this replica has begun to lead since its start: it answers nothing in it any more. None: none.</param>
public sealed partial record Promise(
    ClusterId Cluster, PartitionId Partition, Epoch Epoch, Guid Proposer, NodeId From, Epoch LastEpoch, Lsn WrittenLsn, RunningLease Lease, Epoch GivenUp)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Replica to proposer: not promised.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch that was proposed.</param>
/// <param name="Proposer">By whom.</param>
/// <param name="From">The replica.</param>
/// <param name="Promised">What it has promised already; propose above it.</param>
/// <param name="IsDamaged">It does not vote, whatever the epoch.</param>
public sealed partial record PrepareRefused(ClusterId Cluster, PartitionId Partition, Epoch Epoch, Guid Proposer, NodeId From, Epoch Promised, bool IsDamaged)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>
/// Coordinator to replica: a majority has promised this epoch, and none of them has more than you: lead it. Repeated until the replica
/// reports that it does. One replica per epoch gets it, ever.
/// </summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch to lead.</param>
/// <param name="Proposer">To whom it was promised.</param>
/// <param name="Leader">Who is meant.</param>
/// <param name="Lease">How long to wait, from the arrival of this, before anything is appended: an earlier leader may answer reads as long.</param>
public sealed partial record Lead(ClusterId Cluster, PartitionId Partition, Epoch Epoch, Guid Proposer, NodeId Leader, TimeSpan Lease)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>
/// Coordinator to leader: take no new writes, and say when <paramref name="To"/> has all you have. Answered with
/// <see cref="HandOverReady"/>; repeated until that, or until the coordinator gives up. Safety does not rest on it: it only keeps
/// writes from failing, and a leader that hears no more of it takes writes again after a second.
/// </summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch that the leader leads; in another one nothing is meant by it.</param>
/// <param name="To">The replica that is to lead next.</param>
public sealed partial record HandOver(ClusterId Cluster, PartitionId Partition, Epoch Epoch, NodeId To)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Leader to coordinator: <paramref name="To"/> has durably all that is in my log, and I append nothing more for a second.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch that the leader leads.</param>
/// <param name="From">The leader.</param>
/// <param name="To">The replica that has caught up.</param>
public sealed partial record HandOverReady(ClusterId Cluster, PartitionId Partition, Epoch Epoch, NodeId From, NodeId To)
    : ReplicationMessage(Cluster, Partition, Epoch)
{
    /// <summary>For how long after it the leader appends nothing, on its own clock.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
}
