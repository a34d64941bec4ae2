using System.Runtime.CompilerServices;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Leases;
using BitArk.Cluster.Writes;
using BitArk.Replication.Failover;
using BitArk.Storage.Clocks;

namespace BitArk.Cluster.Partitions;

/// <summary>
/// What the handles of a partition need to know at once, published by its actors: one writer per field, any reader. The
/// actors stay thin because of it, and a front end asks no mailbox before it answers.
/// </summary>
internal sealed partial class PartitionStatus(PartitionId id, BitArkSettings settings, MemoryGate memory, TimeProvider? time = null, TimeProvider? clock = null)
{
    private const long NoFlush = long.MinValue;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private volatile AdmissionGate _admission = new(settings.Admission.MaxPendingBytes);
    private volatile PartitionPhase _phase = new PartitionPhase.Recovering(0, "starting");
    private volatile OpenReplica? _replica;
    private volatile WriteOutcome.DiskLow? _diskLow;
    private volatile Leadership _leadership = Leadership.None;
    private volatile IReadOnlyList<ReplicaView> _replicaViews = [];
    private volatile AppliedHistory _history = AppliedHistory.None;
    private volatile LeaderGate? _gate;
    private volatile StrongBox<ReplicaReport> _report = new(new ReplicaReport(ReplicaStanding.Away, Epoch.None));
    private long _snapshotLsn;
    private long _flushBegan = NoFlush;

    /// <summary>Which partition.</summary>
    public PartitionId Id => id;

    /// <summary>The node's settings.</summary>
    public BitArkSettings Settings => settings;

    /// <summary>Writes on their way.</summary>
    public AdmissionGate Admission => _admission;

    /// <summary>The node's memory.</summary>
    public MemoryGate Memory => memory;

    /// <summary>Readers waiting for a position.</summary>
    public AppliedWaiters Waiters { get; } = new();

    /// <summary>Idle writes.</summary>
    public WritePool Pool { get; } = new();

    /// <summary>Told when <see cref="Phase"/>, <see cref="Leadership"/> or <see cref="Report"/> changes: who waits for a leader looks again.</summary>
    public ChangeSignal Changed { get; } = new();

    /// <summary>The other nodes that calls may be forwarded to; null where this node is alone. Set before the first call.</summary>
    public IPeers? Peers { get; set; }

    /// <summary>The nodes with a replica, by name; this one among them if it has one. Set before the first call.</summary>
    public IReadOnlyList<NodeId> ReplicaNodes { get; set; } = [new NodeId(settings.NodeName)];

    /// <summary>Whether other nodes have replicas and can be called.</summary>
    public bool HasPeers => Peers is not null && (ReplicaNodes.Count > 1 || (ReplicaNodes.Count == 1 && ReplicaNodes[0].Name != settings.NodeName));

    /// <summary>The snapshots that may be copied; null while there are none to give. PartitionActor.</summary>
    public ISnapshotSource? Snapshots { get; set; }

    /// <summary>What was received and refused. Any thread counts.</summary>
    public WireMeter Wire { get; } = new();

    /// <summary>What the partition is doing. PartitionActor.</summary>
    public PartitionPhase Phase
    {
        get => _phase;
        set
        {
            _phase = value;
            Changed.Raise();
        }
    }

    /// <summary>
    /// Says how far an opening is, and nothing once another phase has been published: who reports it runs beside the PartitionActor, which may
    /// have ended the partition meanwhile. Any thread.
    /// </summary>
    /// <returns>Whether it was said.</returns>
    public bool ShowRecovering(double progress, string activity)
    {
        var next = new PartitionPhase.Recovering(progress, activity);
        while (_phase is PartitionPhase.Recovering before)
        {
            if (!ReferenceEquals(Interlocked.CompareExchange(ref _phase, next, before), before))
                continue;

            Changed.Raise();
            return true;
        }

        return false;
    }

    /// <summary>Whether it takes nothing on any more; callers find another node.</summary>
    public bool IsEnding => _phase is PartitionPhase.Failed or PartitionPhase.Stopping;

    /// <summary>Who leads. Published before the phase that lets calls in, and withdrawn after it. PartitionActor.</summary>
    public Leadership Leadership
    {
        get => _leadership;
        set
        {
            _leadership = value;
            Changed.Raise();
        }
    }

    /// <summary>What this replica has let leaders count on.</summary>
    public GrantedLeases Granted { get; } = new(settings.Failover.Lease, clock ?? BootClock.Instance);

    /// <summary>
    /// The lease of the epoch led here, or of the last one, which has ended then; null for a lone replica, whose lease always holds.
    /// Published before the phase that lets calls in, ended before anybody else is promised to. PartitionActor.
    /// </summary>
    public LeaderGate? Gate
    {
        get => _gate;
        set => _gate = value;
    }

    /// <summary>What the coordinator is told of this replica, at every change and again every report interval. PartitionActor.</summary>
    internal ReplicaReport Report
    {
        get => _report.Value;
        set
        {
            // A box of its own for each: a reader on another thread must not see half of one and half of the next.
            _report = new StrongBox<ReplicaReport>(value);
            Changed.Raise();
        }
    }

    /// <summary>What the leader knows of every replica; empty: the handle shows this replica alone. PartitionActor.</summary>
    public IReadOnlyList<ReplicaView> ReplicaViews
    {
        get => _replicaViews;
        set => _replicaViews = value;
    }

    /// <summary>
    /// The epochs of what is applied. A batch holds the record that begins an epoch only as its first one, and this is set
    /// <i>before</i> that batch begins: so a position read between two equal readings of it belongs to its last epoch. BitmapActor.
    /// </summary>
    public AppliedHistory History
    {
        get => _history;
        set => _history = value;
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
