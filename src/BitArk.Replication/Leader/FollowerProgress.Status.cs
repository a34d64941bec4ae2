namespace BitArk.Replication.Leader;

/// <summary>What operators and the log's retention see of it.</summary>
public sealed partial class FollowerProgress
{
    /// <summary>Call when its being outdated, or being so no longer, is durably recorded.</summary>
    public void SetOutdated(bool isOutdated) => IsOutdated = isOutdated;

    /// <summary>
    /// The cluster's failure detector lost it: dead at once, and not only after a silence, until it is heard of again. May be
    /// repeated; who has been heard since the first time is alive, whatever others say, and its own silence decides: two
    /// followers that cannot see each other are no reason to do without either.
    /// </summary>
    public void ClusterSaysGone()
    {
        _isGone |= !_wasSaidGone;
        _wasSaidGone = true;
    }

    /// <summary>The cluster's failure detector sees it: its own signs of life decide again.</summary>
    public void ClusterSaysBack() => (_isGone, _wasSaidGone) = (false, false);

    /// <summary>The most severe that applies.</summary>
    public FollowerStatus Status(TimeSpan now)
    {
        if (_isDamaged)
            return FollowerStatus.Damaged;
        if (IsDead(now))
            return FollowerStatus.Dead;
        if (State == FollowerState.FullSyncing)
            return FollowerStatus.Syncing;
        if (IsOutdated)
            return FollowerStatus.Outdated;
        return IsCatchingUp ? FollowerStatus.Slow : FollowerStatus.Alive;
    }

    /// <summary>
    /// Whether it is a learner that has everything, while nothing is on its way to a commit: without clients' writes it would
    /// wait for its vote for ever, and a second failure would find the cluster short of one. The leader then appends its
    /// EpochStart once more. True at most until that is appended, so one record is on its way at a time.
    /// </summary>
    /// <param name="writtenLsn">The end of the leader's log.</param>
    /// <param name="commitLsn">What the leader calls committed.</param>
    public bool IsLearnerInNeedOfCommit(Lsn writtenLsn, Lsn commitLsn) =>
        LastAck is { IsLearner: true, IsDamaged: false } && State == FollowerState.Streaming && MatchedLsn >= writtenLsn && commitLsn >= writtenLsn;

    /// <summary>How many bytes it lacks; all of the log before its first ack.</summary>
    public long LagBytes(Lsn writtenLsn) => Math.Max(writtenLsn.BytesSince(MatchedLsn ?? Lsn.Zero), 0);

    /// <summary>For how long it has lacked some of what it lacks; zero when it lacks nothing.</summary>
    public TimeSpan LagTime(Lsn writtenLsn, TimeSpan now) => _lag.Observe(writtenLsn, MatchedLsn, now);

    private bool IsDead(TimeSpan now) => _isGone || now - _lastHeard > _settings.DeadAfter;
}
