namespace BitArk.Replication.Epochs;

/// <summary>
/// Where two histories part, found by epochs as in Kafka's KIP-101 and KIP-279. One leader wrote each epoch in one sequence,
/// so two logs that both hold records of an epoch are equal up to where the shorter of them leaves it. What can be known in
/// one question is said in one answer; where the follower's last epoch is unknown here, it drops that epoch and asks again,
/// stepping down epoch by epoch.
/// </summary>
public static class DivergenceRules
{
    /// <summary>The leader's answer to a follower's log.</summary>
    public static PullAnswer Answer(in LeaderLogView log, LogEnd follower)
    {
        if (follower.LastEpoch == Epoch.None)
            return follower.WrittenLsn <= log.Origin ? Stream(log, follower.WrittenLsn) : NoCommonHistory;

        var keep = log.History.NewestUpTo(follower.LastEpoch);
        if (keep == Epoch.None)
            return BeginsAtOrigin(log) ? Truncate(log, log.Origin, keep) : NoCommonHistory;

        var end = log.History.EndOf(keep, log.WrittenLsn);
        if (keep != follower.LastEpoch)
            return Truncate(log, end, keep);
        if (follower.WrittenLsn <= log.History.FirstOf(keep))
            return new PullAnswer.FullSync(FullSyncReason.Contradiction);
        return follower.WrittenLsn <= end ? Stream(log, follower.WrittenLsn) : Truncate(log, end, keep);
    }

    /// <summary>The follower's check of what it is told to cut.</summary>
    /// <param name="own">Its own history.</param>
    /// <param name="log">The end of its own log.</param>
    /// <param name="logBase">Where its log begins; below it there is nothing to cut at.</param>
    /// <param name="commitLsn">What it knows to be committed.</param>
    /// <param name="rule">Under <see cref="CommitRule.Quorum"/> a cut below the commit is impossible, so it is refused loudly.</param>
    /// <param name="to">See <see cref="Messages.TruncateTo"/>.</param>
    /// <param name="keepEpoch">See <see cref="Messages.TruncateTo"/>.</param>
    public static CutDecision Cut(EpochHistory own, LogEnd log, Lsn logBase, Lsn commitLsn, CommitRule rule, Lsn to, Epoch keepEpoch)
    {
        var end = own.EndOf(keepEpoch, log.WrittenLsn);
        // Only records of one and the same epoch stand at the same places in both logs: the leader's position is the end of
        // a record here, too, if that epoch is here. If not, its older epochs are put to the leader with the next question.
        var place = own.NewestUpTo(keepEpoch) == keepEpoch ? Lsn.Min(to, end) : end;
        if (place >= log.WrittenLsn)
            return new CutDecision.Nothing();
        if (rule == CommitRule.Quorum && place < commitLsn)
            return new CutDecision.BelowCommit(place);
        return place < logBase ? new CutDecision.BelowLog(place) : new CutDecision.CutAt(place);
    }

    private static PullAnswer.FullSync NoCommonHistory => new(FullSyncReason.NoCommonHistory);

    private static PullAnswer Stream(in LeaderLogView log, Lsn from) =>
        from < log.MinRetainedLsn ? new PullAnswer.FullSync(FullSyncReason.LogGone) : new PullAnswer.Stream(from);

    // Behind the cut the follower would ask for log from there or from before: if that is gone, cutting is of no use.
    private static PullAnswer Truncate(in LeaderLogView log, Lsn to, Epoch keep) =>
        to < log.MinRetainedLsn ? new PullAnswer.FullSync(FullSyncReason.LogGone) : new PullAnswer.Truncate(to, keep);

    // A history that has forgotten its oldest epochs does not begin at the origin, and cannot say that an epoch is unknown.
    private static bool BeginsAtOrigin(in LeaderLogView log) =>
        log.History.Entries.Count == 0 ? log.WrittenLsn <= log.Origin : log.History.Entries[0].First <= log.Origin;
}
