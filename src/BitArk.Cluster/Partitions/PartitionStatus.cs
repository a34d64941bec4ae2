using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Writes;

namespace BitArk.Cluster.Partitions;

/// <summary>
/// What the handles of a partition need to know at once, published by its actors: one writer per field, any reader. The
/// actors stay thin because of it, and a front end asks no mailbox before it answers.
/// </summary>
internal sealed partial class PartitionStatus(PartitionId id, BitArkSettings settings, MemoryGate memory, TimeProvider? time = null)
{
    private const long NoFlush = long.MinValue;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private volatile PartitionPhase _phase = new PartitionPhase.Recovering(0, "starting");
    private volatile OpenReplica? _replica;
    private volatile WriteOutcome.DiskLow? _diskLow;
    private long _snapshotLsn;
    private long _flushBegan = NoFlush;

    /// <summary>Which partition.</summary>
    public PartitionId Id => id;

    /// <summary>The node's settings.</summary>
    public BitArkSettings Settings => settings;

    /// <summary>Writes on their way.</summary>
    public AdmissionGate Admission { get; } = new(settings.Admission.MaxPendingBytes);

    /// <summary>The node's memory.</summary>
    public MemoryGate Memory => memory;

    /// <summary>Readers waiting for a position.</summary>
    public AppliedWaiters Waiters { get; } = new();

    /// <summary>Idle writes.</summary>
    public WritePool Pool { get; } = new();

    /// <summary>What the partition is doing. PartitionActor.</summary>
    public PartitionPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>Log, state and the actors' addresses, once recovered. PartitionActor.</summary>
    public OpenReplica? Replica
    {
        get => _replica;
        set => _replica = value;
    }

    /// <summary>What writes that need room are answered with, or null. WalActor.</summary>
    public WriteOutcome.DiskLow? DiskLow
    {
        get => _diskLow;
        set => _diskLow = value;
    }

    /// <summary>Position of the newest verified snapshot. SnapshotActor.</summary>
    public Lsn SnapshotLsn
    {
        get => new(Volatile.Read(ref _snapshotLsn));
        set => Volatile.Write(ref _snapshotLsn, value.Value);
    }

    /// <summary>How long the flush under way has lasted; null while the disk owes no answer.</summary>
    public TimeSpan? FlushingFor => Volatile.Read(ref _flushBegan) is not NoFlush and var began ? _time.GetElapsedTime(began) : null;

    /// <summary>The log begins to wait for its disk. WalActor.</summary>
    public void FlushBegins() => Volatile.Write(ref _flushBegan, _time.GetTimestamp());

    /// <summary>The disk answered. WalActor.</summary>
    public void FlushEnded() => Volatile.Write(ref _flushBegan, NoFlush);
}
