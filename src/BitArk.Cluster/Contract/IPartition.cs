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

    /// <summary>Who leads, as far as this node knows; a snapshot of the moment.</summary>
    Leadership Leadership { get; }

    /// <summary>
    /// The replicas as this node knows them: the leader has heard from all of them, anybody else knows its own. Ordered by name.
    /// </summary>
    IReadOnlyList<ReplicaView> Replicas { get; }

    /// <summary>Whether other nodes have replicas, so that a call which cannot be answered here may be answered there.</summary>
    bool HasPeers => false;

    /// <summary>What went over the wire for this replica, since the process began.</summary>
    WireCounts WireCounts => default;

    /// <summary>
    /// Appends the operations as one record, waits until it is committed and applied, and answers. Where this node does
    /// not lead, the leader is asked to, unless the command's route says to stay. Never throws for an
    /// expected outcome: every one is a case of <see cref="WriteOutcome"/>. Cancelling gives up waiting, not the write.
    /// </summary>
    ValueTask<WriteOutcome> WriteAsync(WriteCommand command, CancellationToken cancellation);

    /// <summary>Reads this replica's memory directly: no actor, no lock. Only while <see cref="PartitionPhase.IsReadable"/>.</summary>
    IPartitionReads Reads { get; }

    /// <summary>
    /// The leader's memory: this replica's under its lease while it leads, else an object for this request alone, whose calls travel to
    /// the leader unless the request must stay here. What cannot be answered fails with <see cref="ReadRefusedException"/>.
    /// </summary>
    /// <param name="route">How the request may travel and what its session has seen.</param>
    /// <param name="deadline">Cancelled when the caller stops waiting.</param>
    IPartitionReads LeaderReads(in CallRoute route, CancellationToken deadline) => Reads;

    /// <summary>
    /// The memory of any replica: <see cref="Reads"/> while it is readable, else an object for this request alone, whose
    /// calls travel to a replica that is alive.
    /// </summary>
    /// <param name="route">How the request may travel and what its session has seen.</param>
    /// <param name="deadline">Cancelled when the caller stops waiting.</param>
    IPartitionReads ReplicaReads(in CallRoute route, CancellationToken deadline) => Reads;

    /// <summary>Whether a position belongs to a part of the history that is known to have been cut.</summary>
    bool IsLost(ReadPosition seen);

    /// <summary>
    /// The checksum of this replica's memory at the first end of a record at or beyond a position, computed by the writer when it
    /// has applied that and nothing more. Logs are the same everywhere, so replicas that are asked for the same position and
    /// have not passed it answer for the same end; those that agree there have the same read sets and sessions.
    /// </summary>
    /// <param name="at">The position; <see cref="Lsn.Zero"/>: wherever the replica is now.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    Task<DigestOutcome> DigestAsync(Lsn at, CancellationToken cancellation);

    /// <summary>The snapshots of this replica, for those who copy them; null while it has none to give.</summary>
    ISnapshotSource? Snapshots => null;

    /// <summary>Takes a snapshot now, or joins the one being written.</summary>
    Task<SnapshotOutcome> SnapshotAsync(CancellationToken cancellation);

    /// <summary>Deletes the log segments and snapshots that nothing needs any more.</summary>
    Task<CollectOutcome> CollectAsync(CancellationToken cancellation);
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
/// <param name="Route">How it may travel.</param>
public sealed record WriteCommand(ReadOnlyMemory<MarkOperation> Operations, SessionId Session = default, long Sequence = 0, CallRoute Route = default);
