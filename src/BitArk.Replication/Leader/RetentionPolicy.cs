namespace BitArk.Replication.Leader;

/// <summary>
/// How much of the log a leader may delete: nothing behind its CommitLsn, its older kept snapshot, a snapshot being shipped, or
/// what a follower that counts has acked. The dead, the damaged and those that fetch a snapshot do not count (the last are
/// held by their pin, until they have caught up), nor do the outdated. To be outdated is sticky: it ends by catching up, not
/// by the lag falling just below the bound.
/// </summary>
public sealed class RetentionPolicy(RetentionSettings settings)
{
    /// <summary>Decides anew from what is the case now.</summary>
    public RetentionDecision Decide(RetentionView view)
    {
        var floor = Lsn.Min(view.SnapshotFloor, view.CommitLsn);
        foreach (var pin in view.Pins)
        {
            floor = Lsn.Min(floor, pin);
        }

        List<NodeId> outdated = [], current = [];
        foreach (var follower in view.Followers)
        {
            if (follower.IsOutdated && HasCaughtUp(follower, view.WrittenLsn))
            {
                // It counts again from here on, so this very decision must leave what it lacks.
                current.Add(follower.Node);
                floor = Lsn.Min(floor, follower.LastAckLsn ?? Lsn.Zero);
            }

            if (!follower.IsOutdated && IsTooFarBehind(follower, view.WrittenLsn))
                outdated.Add(follower.Node);
            // One that is about to become outdated holds the log until that is on disk.
            if (!follower.IsOutdated && Counts(follower))
                floor = Lsn.Min(floor, follower.LastAckLsn ?? Lsn.Zero);
        }

        return new RetentionDecision(floor, outdated, current);
    }

    private static bool Counts(in FollowerRetention follower) => follower.Status is FollowerStatus.Alive or FollowerStatus.Slow;

    private bool IsTooFarBehind(in FollowerRetention follower, Lsn writtenLsn) =>
        settings.Mode == RetentionMode.Windowed
        && Counts(follower)
        && (follower.LagTime > settings.MaxLagTime
            || (follower.LastAckLsn is { } acked && writtenLsn.BytesSince(acked) > settings.MaxLagBytes));

    private bool HasCaughtUp(in FollowerRetention follower, Lsn writtenLsn) =>
        follower.Status == FollowerStatus.Outdated
        && follower.LastAckLsn is { } acked
        && writtenLsn.BytesSince(acked) <= settings.CaughtUpBytes
        && (settings.Mode == RetentionMode.Conservative || follower.LagTime <= settings.MaxLagTime);
}
