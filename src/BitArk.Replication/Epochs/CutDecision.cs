namespace BitArk.Replication.Epochs;

/// <summary>What a follower does about a <see cref="Messages.TruncateTo"/>.</summary>
public abstract record CutDecision
{
    private CutDecision()
    {
    }

    /// <summary>Cut the log there, durably, and ask again.</summary>
    /// <param name="Lsn">The end of a record, below the end of the log.</param>
    public sealed record CutAt(Lsn Lsn) : CutDecision;

    /// <summary>The place lies before the beginning of the log: only a full sync helps.</summary>
    /// <param name="Lsn">The place.</param>
    public sealed record BelowLog(Lsn Lsn) : CutDecision;

    /// <summary>It would take back what a majority holds: somebody's history is wrong. Stop, loudly; cut nothing.</summary>
    /// <param name="Lsn">The place.</param>
    public sealed record BelowCommit(Lsn Lsn) : CutDecision;

    /// <summary>It cuts nothing off this log, so it was not meant for it: ask again.</summary>
    public sealed record Nothing : CutDecision;
}
