namespace BitArk.Cluster.Checkpoints;

/// <summary>Decides when a snapshot is due: after enough log, or after long enough if anything changed.</summary>
/// <param name="EveryBytes">Bytes of log; the size of the last snapshot counts instead if it is larger, so that writing snapshots never costs more than writing the log.</param>
/// <param name="Every">Time since the last one.</param>
internal sealed record SnapshotPolicy(long EveryBytes, TimeSpan Every)
{
    /// <summary>After a failure the disk gets this long, so that a full one is not hammered.</summary>
    private static readonly TimeSpan FailurePause = TimeSpan.FromSeconds(5);

    /// <summary>Whether one is due.</summary>
    /// <param name="last">The last one.</param>
    /// <param name="applied">What a snapshot taken now would hold.</param>
    /// <param name="sinceLast">Since the last one, or since the start if that was later.</param>
    /// <param name="sinceFailure">Since the last failed attempt; null after a success.</param>
    public bool IsDue(LastSnapshot last, Lsn applied, TimeSpan sinceLast, TimeSpan? sinceFailure)
    {
        if (applied <= last.Lsn || sinceFailure < FailurePause)
            return false;

        return applied.BytesSince(last.Lsn) >= Math.Max(EveryBytes, last.FileBytes) || sinceLast >= Every;
    }
}

/// <summary>The newest snapshot that was read back and found sound.</summary>
/// <param name="Lsn">Its position; the log's beginning when there is none.</param>
/// <param name="FileBytes">Its size.</param>
internal readonly record struct LastSnapshot(Lsn Lsn, long FileBytes);
