using BitArk.Storage.ReadTables;

namespace BitArk.Cluster;

/// <summary>What became of a write. Closed union.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>
    /// Durable, committed and applied: its record ends at <paramref name="Lsn"/>. <paramref name="Changed"/>[i]: ids whose state operation i changed, or
    /// <see cref="ReadTable.TooScattered"/> when that one changed nothing because its read set would lie in more pieces than one set may have.
    /// </summary>
    public sealed record Committed(Epoch Epoch, Lsn Lsn, long[] Changed) : WriteOutcome;

    /// <summary>More bytes are pending than <c>bitark.admission.max-pending-bytes</c>; nothing was written.</summary>
    public sealed record Overloaded(TimeSpan RetryAfter) : WriteOutcome;

    /// <summary>The disk has less than <c>bitark.wal.disk-floor-bytes</c> left; nothing was written.</summary>
    public sealed record DiskLow(long FreeBytes, long FloorBytes) : WriteOutcome;

    /// <summary>Memory is at its limit: marks are refused, unmarks are not; nothing was written.</summary>
    public sealed record MemoryLimit(long UsedBytes, long LimitBytes) : WriteOutcome;

    /// <summary>The operations do not fit one record; nothing was written.</summary>
    public sealed record TooLarge(int Bytes, int MaxBytes) : WriteOutcome;

    /// <summary>The replica still recovers; nothing was written.</summary>
    public sealed record Recovering(double Progress) : WriteOutcome;

    /// <summary>No leader takes writes (shutting down); nothing was written.</summary>
    public sealed record NoLeader : WriteOutcome;

    /// <summary>Appended, but its durability was never confirmed: it may or may not survive.</summary>
    public sealed record OutcomeUnknown(string Reason) : WriteOutcome;

    /// <summary>The replica's disk failed before this write was appended; nothing was written.</summary>
    public sealed record StorageFailed(string Reason) : WriteOutcome;

    /// <summary>The sequence lies below the session's window, so whether it was applied is no longer known.</summary>
    public sealed record SessionExpired(long LowestSequence) : WriteOutcome;

    /// <summary>This replica does not lead and the call was not to travel on; nothing was written. <paramref name="Leader"/> and <paramref name="Epoch"/> are the newest known here.</summary>
    public sealed record NotLeader(NodeId? Leader, Epoch Epoch) : WriteOutcome;

    /// <summary>The caller's route is of another epoch than the leader's; nothing was written.</summary>
    public sealed record WrongEpoch(NodeId? Leader, Epoch Epoch) : WriteOutcome;

    /// <summary>The session saw a history that was cut: the leader's log ends at <paramref name="End"/>; nothing was written.</summary>
    public sealed record TokenLost(ReadPosition Seen, ReadPosition End) : WriteOutcome;
}
