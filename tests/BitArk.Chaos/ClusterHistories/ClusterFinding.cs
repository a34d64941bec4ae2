namespace BitArk.Chaos.ClusterHistories;

/// <summary>A rule of a cluster's history that did not hold.</summary>
/// <param name="Rule">Which.</param>
/// <param name="What">Where it did not.</param>
internal sealed record ClusterFinding(ClusterRule Rule, string What)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: {What}";
}

/// <summary>What must hold for the history of a cluster; a finding names the one that did not.</summary>
internal enum ClusterRule
{
    /// <summary>The committed log has no gap, its epochs never fall, and each begins with its EpochStart.</summary>
    LogWhole,

    /// <summary>The log holds each acknowledged write at its token, in the epoch that acknowledged it, as it was sent.</summary>
    WriteKept,

    /// <summary>Every record is a write that somebody sent.</summary>
    RecordSent,

    /// <summary>What was refused was not applied.</summary>
    RefusalKept,

    /// <summary>Whatever a write became, it lies behind all that was complete before it was sent.</summary>
    WriteBehind,

    /// <summary>An answer tells the changed ids that the log gives: applied once.</summary>
    ChangedRight,

    /// <summary>An answer's token covers the request's, and a client's tokens never fall.</summary>
    TokenRises,

    /// <summary>A token names the end of a record, not beyond the final commit.</summary>
    TokenReal,

    /// <summary>A LEADER read sees all that was complete before it was sent.</summary>
    LeaderFresh,

    /// <summary>A read's bits are the state somewhere between what its replica must have had and its token.</summary>
    BitsReal,

    /// <summary>At most one leader for an epoch.</summary>
    OneLeader,

    /// <summary>The replicas' logs are equal.</summary>
    LogsEqual,

    /// <summary>The replicas' memories are equal.</summary>
    MemoriesEqual,

    /// <summary>A replica's memory is the replay of the log.</summary>
    MemoryReplayed,
}
