namespace BitArk.Cluster;

/// <summary>How leadership moves.</summary>
/// <param name="Profile">How fast a dead node is noticed.</param>
/// <param name="Lease">How long a majority's promise lasts.</param>
/// <param name="RebalanceAfter">How long all must be well before leaderships are spread again; zero: never.</param>
public sealed record FailoverSettings(FailoverProfile Profile, TimeSpan Lease, TimeSpan RebalanceAfter)
{
    internal static FailoverSettings From(HoconReader reader) =>
        new(
            reader.OneOf("failover.profile", ("tuned", FailoverProfile.Tuned), ("fast", FailoverProfile.Fast)),
            reader.Time("failover.lease", TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)),
            reader.Time("failover.rebalance-after", TimeSpan.Zero, TimeSpan.FromDays(1)));
}

/// <summary>Timing of the failure detector.</summary>
public enum FailoverProfile
{
    /// <summary>For busy networks and machines: about nine seconds.</summary>
    Tuned,

    /// <summary>For quiet ones: about four seconds.</summary>
    Fast,
}
