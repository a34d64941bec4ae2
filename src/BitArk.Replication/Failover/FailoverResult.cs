namespace BitArk.Replication.Failover;

/// <summary>What came of a search for a leader or of a hand-over, for logs, counts and whoever asked. Closed union.</summary>
public abstract record FailoverResult
{
    private FailoverResult()
    {
    }

    /// <summary>A new leader serves.</summary>
    /// <param name="Reason">Why it was looked for.</param>
    /// <param name="Leader">Who.</param>
    /// <param name="Epoch">The epoch it leads.</param>
    /// <param name="Unavailable">
    /// How long nobody served, as this coordinator saw it: from when it noticed, or was told that the old leader had handed over, or
    /// proposed against it, until the new leader's report that it serves.
    /// </param>
    public sealed record Led(FailoverReason Reason, NodeId Leader, Epoch Epoch, TimeSpan Unavailable) : FailoverResult;

    /// <summary>A hand-over was given up; whoever leads goes on.</summary>
    /// <param name="To">Who was wanted.</param>
    /// <param name="Why">Why it was given up.</param>
    public sealed record HandOverFailed(NodeId To, HandOverFailure Why) : FailoverResult;
}

/// <summary>Why a hand-over was given up.</summary>
public enum HandOverFailure
{
    /// <summary>The leader did not say in time that the wanted replica has everything.</summary>
    NotCaughtUp,

    /// <summary>It had everything, but no round gave it an epoch in time.</summary>
    NotInTime,

    /// <summary>The wanted replica is away, or has no vote any more.</summary>
    TargetAway,

    /// <summary>Another replica had more, or another coordinator was faster.</summary>
    AnotherLeads,
}

/// <summary>What a coordinator answers to the wish that a certain replica leads.</summary>
public enum HandOverAnswer
{
    /// <summary>It is under way.</summary>
    Accepted,

    /// <summary>That node has no replica of the partition.</summary>
    NoReplica,

    /// <summary>It leads already.</summary>
    LeadsAlready,

    /// <summary>A new leader is being looked for, or another hand-over is under way.</summary>
    Underway,

    /// <summary>The replica is away, damaged, or catching up: it could not lead.</summary>
    NotFollowing,
}
