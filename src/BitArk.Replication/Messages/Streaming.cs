namespace BitArk.Replication.Messages;

/// <summary>Leader to follower: the next piece of the log. Whole records, never across a segment; empty when only the commit has moved.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The leader's epoch.</param>
/// <param name="Start">Where the bytes begin.</param>
/// <param name="PreviousEpoch">The epoch of the record before them.</param>
/// <param name="CommitLsn">What the commit rule calls safe.</param>
/// <param name="RetainedFloor">The leader's floor: followers keep their log from here on, too.</param>
/// <param name="Bytes">The raw bytes of the log, at most 480 KiB.</param>
public sealed partial record ReplicateBatch(
    ClusterId Cluster, PartitionId Partition, Epoch Epoch, Lsn Start, Epoch PreviousEpoch, Lsn CommitLsn, Lsn RetainedFloor, ReadOnlyMemory<byte> Bytes)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Leader to follower, at least every heartbeat interval: I lead, and the commit is here. Answered with <see cref="Ack"/>.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The leader's epoch.</param>
/// <param name="Nonce">Echoed by the ack: what the lease is counted from.</param>
/// <param name="Leader">The leader's name.</param>
/// <param name="WrittenLsn">The end of the leader's log.</param>
/// <param name="CommitLsn">What the commit rule calls safe.</param>
/// <param name="RetainedFloor">See <see cref="ReplicateBatch"/>.</param>
/// <param name="Lease">What the leader counts with from the sending: who echoes the nonce grants as much from the arrival.</param>
public sealed partial record Heartbeat(
    ClusterId Cluster, PartitionId Partition, Epoch Epoch, long Nonce, NodeId Leader, Lsn WrittenLsn, Lsn CommitLsn, Lsn RetainedFloor, TimeSpan Lease)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Follower to leader: cumulative, so a lost one is said again by the next.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch promised when this is sent; counts only for the leader of that epoch.</param>
/// <param name="From">The follower.</param>
/// <param name="MatchedLsn">Durable here and known equal to this epoch's leader; null until <see cref="StreamFrom"/> was granted in this epoch.</param>
/// <param name="LastAppliedLsn">Durable and applied here.</param>
/// <param name="HeartbeatNonce">The newest heartbeat seen; 0: none.</param>
/// <param name="MinRetainedLsn">The oldest position in its log.</param>
/// <param name="SnapshotLsn">Its newest snapshot; <see cref="Lsn.Zero"/>: none.</param>
/// <param name="SyncProgress">0 … 1 while a full sync is under way; negative otherwise.</param>
/// <param name="IsDamaged">Its durable bytes are bad.</param>
/// <param name="IsLearner">
/// It may lack what it acked before a repair or a loss: what it matches counts neither for the commit nor for a lease, until it
/// has a vote again (<see cref="Follower.RejoinRules"/>).
/// </param>
public sealed partial record Ack(
    ClusterId Cluster,
    PartitionId Partition,
    Epoch Epoch,
    NodeId From,
    Lsn? MatchedLsn,
    Lsn LastAppliedLsn,
    long HeartbeatNonce,
    Lsn MinRetainedLsn,
    Lsn SnapshotLsn,
    double SyncProgress,
    bool IsDamaged,
    bool IsLearner)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Follower to leader: that batch leaves a gap, or its bytes were damaged on the way: send from here.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch promised when this is sent.</param>
/// <param name="From">The follower.</param>
/// <param name="ExpectedLsn">The end of what it has.</param>
/// <param name="WasDamaged">The bytes failed their checksum; counted by both sides.</param>
public sealed partial record Nack(ClusterId Cluster, PartitionId Partition, Epoch Epoch, NodeId From, Lsn ExpectedLsn, bool WasDamaged)
    : ReplicationMessage(Cluster, Partition, Epoch);
