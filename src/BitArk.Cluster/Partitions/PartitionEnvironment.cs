using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>What a partition gets from its node.</summary>
/// <param name="Directory">The open data directory.</param>
/// <param name="Disk">The file system.</param>
/// <param name="Time">The clock of policies and pacing.</param>
/// <param name="Failed">Told once when the replica fails for good; any thread.</param>
internal sealed record PartitionEnvironment(NodeDirectory Directory, IDisk Disk, TimeProvider Time, Action<PartitionId, string> Failed)
{
    /// <summary>Free bytes of the file system that holds the data.</summary>
    public long FreeBytes() => Disk.FreeBytes(Directory.Layout.Root);

    /// <summary>Which replica to open.</summary>
    public ReplicaOptions OptionsOf(PartitionStatus status) => new()
    {
        Layout = Directory.Layout,
        Meta = Directory.Meta,
        Partition = status.Id,
        MaxBatchBytes = status.Settings.Wal.MaxBatchBytes,
    };
}
