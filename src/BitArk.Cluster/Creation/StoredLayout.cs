using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Creation;

/// <summary>The layout in the data directory of a node that does not run, for tools.</summary>
public static class StoredLayout
{
    /// <summary>The layout that binds this node; null when it is of a node alone, or not part of a cluster yet.</summary>
    /// <exception cref="DataDirectoryException">The file is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static ClusterLayout? Read(DataDirectory directory, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(disk);
        return ClusterMetaFile.Read(directory, disk) is { IsBinding: true } meta ? meta.Layout : null;
    }
}
