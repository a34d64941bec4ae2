using BitArk.Cluster.Guards;
using BitArk.Cluster.Replication;
using BitArk.Replication;
using BitArk.Replication.Messages;
using BitArk.Storage.Clocks;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>What a partition gets from its node.</summary>
internal sealed record PartitionEnvironment
{
    /// <summary>The open data directory.</summary>
    public required NodeDirectory Directory { get; init; }

    /// <summary>The file system.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>The clock of policies and pacing.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The clock of leases; see <see cref="BootClock"/>.</summary>
    public TimeProvider LeaseClock { get; init; } = BootClock.Instance;

    /// <summary>How long a leader that is to hand over takes no writes, before the next one has everything and again after that.</summary>
    public TimeSpan LongestRest { get; init; } = HandOverReady.Quiet;

    /// <summary>Told once when the replica fails for good; any thread.</summary>
    public required Action<PartitionId, string> Failed { get; init; }

    /// <summary>The replicas of each partition hosted here.</summary>
    public required Func<PartitionId, ReplicaSet> ReplicasOf { get; init; }

    /// <summary>Whether this node came to its cluster with an empty directory after it had been created.</summary>
    public bool HasJoinedLater { get; init; }

    /// <summary>The way to the other replicas.</summary>
    public IReplicaRoutes Routes { get; init; } = NoRoutes.Instance;

    /// <summary>Where the promises of replicas of several are kept; null on a lone node, which makes none.</summary>
    public GuardJournal? Guards { get; init; }

    /// <summary>The way to a leader's snapshots; null on a lone node.</summary>
    public ISnapshotFetcher? Snapshots { get; init; }

    /// <summary>Where this node serves snapshots, <c>host:port</c>; empty until its listener is bound.</summary>
    public Func<string> GrpcAuthority { get; init; } = static () => "";

    /// <summary>Whether the cluster's failure detector sees a node.</summary>
    public Func<NodeId, bool> IsReachable { get; init; } = static _ => true;

    /// <summary>Free bytes of the file system that holds the data.</summary>
    public long FreeBytes() => Disk.FreeBytes(Directory.Layout.Root);

    /// <summary>Which replica to open.</summary>
    public ReplicaOptions OptionsOf(PartitionStatus status) => new()
    {
        Layout = Directory.Layout,
        Meta = Directory.Meta,
        Partition = status.Id,
        MaxBatchBytes = status.Settings.Wal.MaxBatchBytes,
        IsOneOfSeveral = ReplicasOf(status.Id).Members.Count > 1,
        HasJoinedLater = HasJoinedLater,
    };
}
