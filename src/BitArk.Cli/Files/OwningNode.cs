using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cli.Files;

/// <summary>The data directory that a partition lies in, and whether its node is running.</summary>
internal static class OwningNode
{
    /// <summary>The data directory; null when the partition's directory lies elsewhere, as a copy of it alone does.</summary>
    public static DataDirectory? Of(PartitionDirectory partition)
    {
        var folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(partition.Root)));
        return Path.GetFileName(folder) == PartitionFinder.PartitionsFolder && Path.GetDirectoryName(folder) is { } root && File.Exists(new DataDirectory(root).NodeMetaPath)
            ? new DataDirectory(root)
            : null;
    }

    /// <summary>Whether a process holds the data directory. A lock that may not be looked at counts as not held.</summary>
    public static bool IsRunning(PartitionDirectory partition)
    {
        try
        {
            return Of(partition) is { } node && PosixDisk.Instance.IsLocked(node.LockPath);
        }
        catch (DiskException failure) when (failure.IsNotForUs)
        {
            return false;
        }
    }
}
