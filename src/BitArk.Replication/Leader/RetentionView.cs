namespace BitArk.Replication.Leader;

/// <summary>One follower as the log's retention sees it.</summary>
/// <param name="Node">Who.</param>
/// <param name="Status">The most severe status.</param>
/// <param name="LastAckLsn">Its MatchedLsn of this epoch; null: it has not acked in this epoch, and may need any of the log.</param>
/// <param name="LagTime">For how long it has lacked some of what it lacks.</param>
/// <param name="IsOutdated">Recorded durably as outdated.</param>
public readonly record struct FollowerRetention(NodeId Node, FollowerStatus Status, Lsn? LastAckLsn, TimeSpan LagTime, bool IsOutdated);

/// <summary>What holds a leader's log back.</summary>
/// <param name="WrittenLsn">The end of its log.</param>
/// <param name="CommitLsn">Never passed.</param>
/// <param name="SnapshotFloor">What its own kept snapshots need: the position of the older one.</param>
/// <param name="Pins">Snapshots being shipped: the log behind them is needed, too.</param>
/// <param name="Followers">All other members of the replica set.</param>
public sealed record RetentionView(Lsn WrittenLsn, Lsn CommitLsn, Lsn SnapshotFloor, IReadOnlyList<Lsn> Pins, IReadOnlyList<FollowerRetention> Followers);

/// <summary>What may go, and what has to be recorded before more may go.</summary>
/// <param name="Floor">Whole segments below may be deleted now. It rests on nothing that is not recorded yet.</param>
/// <param name="BecomeOutdated">Record durably, tell their progress, then decide again.</param>
/// <param name="BecomeCurrent">They have caught up: record that, too.</param>
public sealed record RetentionDecision(Lsn Floor, IReadOnlyList<NodeId> BecomeOutdated, IReadOnlyList<NodeId> BecomeCurrent);
