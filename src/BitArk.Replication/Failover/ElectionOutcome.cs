namespace BitArk.Replication.Failover;

/// <summary>Where a coordinator's proposal stands. Closed union.</summary>
public abstract record ElectionOutcome
{
    private ElectionOutcome()
    {
    }

    /// <summary>No majority yet: repeat the prepares that were not answered.</summary>
    public sealed record Waiting : ElectionOutcome;

    /// <summary>A majority promised: send <see cref="Messages.Lead"/> to this replica, and to no other in this epoch.</summary>
    /// <param name="Leader">Who has the most of those that promised.</param>
    /// <param name="Log">How far its log reaches.</param>
    /// <param name="Lease">The longest lease that may still be held by an earlier leader.</param>
    public sealed record Elected(NodeId Leader, LogEnd Log, TimeSpan Lease) : ElectionOutcome;

    /// <summary>Somebody has promised that much: propose above it.</summary>
    /// <param name="Promised">The highest promise heard of.</param>
    public sealed record Refused(Epoch Promised) : ElectionOutcome;
}
