namespace BitArk.Replication.Failover;

/// <summary>What somebody may still count on, as a replica tells it with its promise.</summary>
/// <param name="Remaining">How long, from now; zero: nobody counts on anything.</param>
/// <param name="To">The latest epoch whose leader may: <see cref="GrantedLease.ToAnyone"/> after a start.</param>
public readonly record struct RunningLease(TimeSpan Remaining, Epoch To)
{
    /// <summary>Nobody counts on anything.</summary>
    public static readonly RunningLease None;

    /// <summary>
    /// What has to be waited for when the leader of an epoch has given up: nothing, if it or an earlier one was meant. It had waited for
    /// all leases before its own, and no majority grants those again.
    /// </summary>
    public TimeSpan Besides(Epoch givenUp) => To <= givenUp ? TimeSpan.Zero : Remaining;
}
