namespace BitArk.Replication.Epochs;

/// <summary>What a leader answers to <see cref="Messages.PullFrom"/>.</summary>
public abstract record PullAnswer
{
    private PullAnswer()
    {
    }

    /// <summary>Send <see cref="Messages.StreamFrom"/>.</summary>
    /// <param name="From">The end of the follower's log, which is a prefix of the leader's.</param>
    public sealed record Stream(Lsn From) : PullAnswer;

    /// <summary>Send <see cref="Messages.TruncateTo"/>.</summary>
    /// <param name="To">Where the leader's records of <paramref name="KeepEpoch"/> end.</param>
    /// <param name="KeepEpoch">The newest epoch that both may know.</param>
    public sealed record Truncate(Lsn To, Epoch KeepEpoch) : PullAnswer;

    /// <summary>Pin the newest snapshot and send <see cref="Messages.NeedFullSync"/>.</summary>
    /// <param name="Reason">Why, for the log.</param>
    public sealed record FullSync(FullSyncReason Reason) : PullAnswer;

    /// <summary>Send <see cref="Messages.WrongEpoch"/>: the follower has promised another epoch than the one led here.</summary>
    public sealed record OtherEpoch : PullAnswer;

    /// <summary>Send nothing: a newer question of the same follower has been answered already.</summary>
    public sealed record Ignored : PullAnswer;
}
