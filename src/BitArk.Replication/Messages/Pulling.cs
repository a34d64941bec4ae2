namespace BitArk.Replication.Messages;

/// <summary>Follower to leader: where may I go on? Answered with one of the other messages here, which echo the nonce.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The epoch the follower has promised.</param>
/// <param name="Nonce">Fresh for every try: only the answer to the newest is obeyed, and once.</param>
/// <param name="From">The follower.</param>
/// <param name="LastEpoch">The epoch of the last record in its log.</param>
/// <param name="WrittenLsn">The end of its log.</param>
/// <param name="IsDamaged">Its durable bytes are bad, or it cannot cut them as far as it was told: only a full sync helps.</param>
public sealed partial record PullFrom(ClusterId Cluster, PartitionId Partition, Epoch Epoch, long Nonce, NodeId From, Epoch LastEpoch, Lsn WrittenLsn, bool IsDamaged)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Leader to follower: your log is a prefix of mine up to here; batches follow.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The leader's epoch.</param>
/// <param name="Nonce">The nonce asked with.</param>
/// <param name="From">Equal to the follower's WrittenLsn.</param>
/// <param name="WrittenLsn">
/// The end of the leader's log when it answered, so after the question: what a learner has to match, and the commit to pass,
/// before it votes again (<see cref="Follower.RejoinRules"/>). Nothing behind it has left the leader before this answer.
/// </param>
public sealed partial record StreamFrom(ClusterId Cluster, PartitionId Partition, Epoch Epoch, long Nonce, Lsn From, Lsn WrittenLsn)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>
/// Leader to follower: our histories differ. Keep nothing of an epoch above <paramref name="KeepEpoch"/>, and nothing of that
/// epoch behind <paramref name="To"/>; then ask again. Without the epoch a follower whose last one is unknown to the leader,
/// and that is the shorter of the two, could not know where to cut.
/// </summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The leader's epoch.</param>
/// <param name="Nonce">The nonce asked with.</param>
/// <param name="To">Where the leader's records of that epoch end.</param>
/// <param name="KeepEpoch">The newest epoch in the leader's log that is not above the follower's last one; <see cref="Epoch.None"/>: keep nothing.</param>
public sealed partial record TruncateTo(ClusterId Cluster, PartitionId Partition, Epoch Epoch, long Nonce, Lsn To, Epoch KeepEpoch)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Leader to follower: the log you need is gone, or yours is of no use: fetch this snapshot.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The leader's epoch.</param>
/// <param name="Nonce">The nonce asked with.</param>
/// <param name="SnapshotLsn">Which snapshot; pinned at the leader for a while.</param>
/// <param name="SnapshotBytes">The size of its file.</param>
/// <param name="Source">Where it is served: the leader's gRPC endpoint, <c>host:port</c>.</param>
public sealed partial record NeedFullSync(ClusterId Cluster, PartitionId Partition, Epoch Epoch, long Nonce, Lsn SnapshotLsn, long SnapshotBytes, string Source)
    : ReplicationMessage(Cluster, Partition, Epoch);

/// <summary>Any replica to a follower: that is not the epoch, or I do not lead it.</summary>
/// <param name="Cluster">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Partition">See <see cref="ReplicationMessage"/>.</param>
/// <param name="Epoch">The highest epoch the sender knows.</param>
/// <param name="Nonce">The nonce asked with; 0 where it answers a batch or an ack, and where a leader asks its follower to pull again.</param>
/// <param name="Leader">Its leader, as far as known.</param>
public sealed partial record WrongEpoch(ClusterId Cluster, PartitionId Partition, Epoch Epoch, long Nonce, NodeId? Leader)
    : ReplicationMessage(Cluster, Partition, Epoch);
