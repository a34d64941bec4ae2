namespace BitArk.Cluster;

/// <summary>One hosted replica of one partition, as front ends see it. Safe for concurrent use.</summary>
public interface IPartition
{
    /// <summary>Which partition.</summary>
    PartitionId Id { get; }

    /// <summary>What it is doing now; a snapshot of the moment.</summary>
    PartitionPhase Phase { get; }

    /// <summary>Its log positions now.</summary>
    PartitionPositions Positions { get; }

    /// <summary>
    /// How long the log's flush under way has lasted; null while none is. A healthy disk takes milliseconds; one that never
    /// answers leaves <see cref="Phase"/> as it was, since nothing is known to have failed.
    /// </summary>
    TimeSpan? FlushingFor => null;

    /// <summary>
    /// Appends the operations as one record, waits until it is committed and applied, and answers. Never throws for an
    /// expected outcome: every one is a case of <see cref="WriteOutcome"/>. Cancelling gives up waiting, not the write.
    /// </summary>
    ValueTask<WriteOutcome> WriteAsync(WriteCommand command, CancellationToken cancellation);

    /// <summary>Reads memory directly: no actor, no lock. Only while <see cref="Phase"/> is <see cref="PartitionPhase.Serving"/>.</summary>
    IPartitionReads Reads { get; }

    /// <summary>Takes a snapshot now, or joins the one being written.</summary>
    Task<SnapshotOutcome> SnapshotAsync(CancellationToken cancellation);

    /// <summary>Deletes the log segments and snapshots that nothing needs any more.</summary>
    Task<CollectOutcome> CollectAsync(CancellationToken cancellation);
}

/// <summary>What a replica is doing. Closed union.</summary>
public abstract record PartitionPhase
{
    private PartitionPhase()
    {
    }

    /// <summary>Loading the snapshot or replaying the log. <paramref name="Progress"/> runs 0 … 1.</summary>
    public sealed record Recovering(double Progress, string Activity) : PartitionPhase;

    /// <summary>Leader of its epoch: reads and writes are answered.</summary>
    public sealed record Serving : PartitionPhase;

    /// <summary>Its disk failed or its files are damaged; the process is about to end.</summary>
    public sealed record Failed(string Reason) : PartitionPhase;

    /// <summary>Shutting down; no new writes.</summary>
    public sealed record Stopping : PartitionPhase;
}

/// <summary>The log positions of one replica at one moment; <paramref name="SnapshotLsn"/> is <see cref="Lsn.Zero"/> while there is no snapshot.</summary>
public sealed record PartitionPositions(
    Epoch Epoch,
    Lsn WrittenLsn,
    Lsn CommitLsn,
    Lsn LastAppliedLsn,
    Lsn MinRetainedLsn,
    Lsn SnapshotLsn,
    long ReadSets,
    long MemoryBytes);

/// <summary>One write: 1..n operations that become one record of one partition's log.</summary>
/// <param name="Operations">All of users of this partition, already validated.</param>
/// <param name="Session">With <paramref name="Sequence"/>: applied at most once. 0: no session.</param>
/// <param name="Sequence">The session's number of this write, &gt;= 1; 0 without a session.</param>
public sealed record WriteCommand(ReadOnlyMemory<MarkOperation> Operations, SessionId Session = default, long Sequence = 0);

/// <summary>What became of a write. Closed union.</summary>
public abstract record WriteOutcome
{
    private WriteOutcome()
    {
    }

    /// <summary>Durable, committed and applied: its record ends at <paramref name="Lsn"/>. <paramref name="Changed"/>[i]: ids whose state operation i changed.</summary>
    public sealed record Committed(Epoch Epoch, Lsn Lsn, long[] Changed) : WriteOutcome;

    /// <summary>More bytes are pending than <c>bitark.admission.max-pending-bytes</c>; nothing was written.</summary>
    public sealed record Overloaded(TimeSpan RetryAfter) : WriteOutcome;

    /// <summary>The disk has less than <c>bitark.wal.disk-floor-bytes</c> left; nothing was written.</summary>
    public sealed record DiskLow(long FreeBytes, long FloorBytes) : WriteOutcome;

    /// <summary>Memory is at its limit: marks are refused, unmarks are not; nothing was written.</summary>
    public sealed record MemoryLimit(long UsedBytes, long LimitBytes) : WriteOutcome;

    /// <summary>The operations do not fit one record; nothing was written.</summary>
    public sealed record TooLarge(int Bytes, int MaxBytes) : WriteOutcome;

    /// <summary>
    /// Operation <paramref name="Operation"/> changed nothing: its read set would lie in more pieces than one set may have. The write's other operations were applied.
    /// </summary>
    public sealed record TooScattered(int Operation) : WriteOutcome;

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
}

/// <summary>What became of a request for a snapshot. Closed union.</summary>
public abstract record SnapshotOutcome
{
    private SnapshotOutcome()
    {
    }

    /// <summary>Durable and verified.</summary>
    public sealed record Written(Lsn Lsn, long Bytes, long ReadSets) : SnapshotOutcome;

    /// <summary>It could not be written; the older snapshots are untouched.</summary>
    public sealed record Failed(string Reason) : SnapshotOutcome;
}

/// <summary>What became of a request to collect garbage. Closed union.</summary>
public abstract record CollectOutcome
{
    private CollectOutcome()
    {
    }

    /// <summary>What was deleted; zeros when nothing could be.</summary>
    public sealed record Collected(long SegmentsDeleted, long BytesFreed) : CollectOutcome;

    /// <summary>Deleting failed; what remains is still consistent.</summary>
    public sealed record Failed(string Reason) : CollectOutcome;
}
