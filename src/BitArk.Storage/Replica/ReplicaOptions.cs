using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>Which replica is opened.</summary>
public sealed record ReplicaOptions
{
    /// <summary>Where everything is.</summary>
    public required DataDirectory Layout { get; init; }

    /// <summary>The marker of the directory, which the caller has opened and holds.</summary>
    public required NodeMeta Meta { get; init; }

    /// <summary>Which partition.</summary>
    public required PartitionId Partition { get; init; }

    /// <summary>One group commit (<see cref="WalOptions.MaxBatchBytes"/>).</summary>
    public int MaxBatchBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Whether this is one replica of several. Then only what was committed for sure is applied at start, and no epoch is
    /// begun by opening: that takes a majority of promises.
    /// </summary>
    public bool IsOneOfSeveral { get; init; }

    /// <summary>
    /// Whether the node came to its cluster after it had been created: a replica that is empty then was lost, and has no vote
    /// until it has caught up (<see cref="ReplicaStore.IsRejoining"/>).
    /// </summary>
    public bool HasJoinedLater { get; init; }

    /// <summary>How much of the newest log a replica of several keeps in memory (<see cref="WalOptions.TailBytes"/>).</summary>
    public int TailBytes { get; init; } = 4 << 20;

    /// <inheritdoc cref="PartitionStateOptions.Hashes"/>
    public Random Hashes { get; init; } = Random.Shared;

    internal string CreatedRecordPath => Layout.CreatedRecordPath(Partition);

    internal PartitionDirectory Directory => Layout.Partition(Partition);

    internal PartitionStateOptions State => new(
        Meta.ClusterId,
        Partition,
        new LogGeometry(Meta.Settings.SegmentBytes),
        Meta.Settings.SessionWindow,
        Meta.Settings.SessionMaxBytes)
    {
        Hashes = Hashes,
    };

    internal WalOptions Wal(bool mustExist) => new()
    {
        Directory = Directory.WalPath,
        DurableMarkPath = Directory.DurableMarkPath,
        ClusterId = Meta.ClusterId,
        Partition = Partition,
        Geometry = new LogGeometry(Meta.Settings.SegmentBytes),
        MaxBatchBytes = MaxBatchBytes,
        MustExist = mustExist,
        TailBytes = IsOneOfSeveral ? TailBytes : 0,
    };
}
