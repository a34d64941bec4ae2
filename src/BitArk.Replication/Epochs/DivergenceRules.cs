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
    public static PullAnswer Answer(in LeaderLogView log, LogEnd follower) => throw new NotImplementedException();

    /// <summary>The follower's check of what it is told to cut.</summary>
    /// <param name="own">Its own history.</param>
    /// <param name="log">The end of its own log.</param>
    /// <param name="logBase">Where its log begins; below it there is nothing to cut at.</param>
    /// <param name="commitLsn">What it knows to be committed.</param>
    /// <param name="rule">Under <see cref="CommitRule.Quorum"/> a cut below the commit is impossible, so it is refused loudly.</param>
    /// <param name="to">See <see cref="Messages.TruncateTo"/>.</param>
    /// <param name="keepEpoch">See <see cref="Messages.TruncateTo"/>.</param>
    public static CutDecision Cut(EpochHistory own, LogEnd log, Lsn logBase, Lsn commitLsn, CommitRule rule, Lsn to, Epoch keepEpoch) =>
        throw new NotImplementedException();
}
