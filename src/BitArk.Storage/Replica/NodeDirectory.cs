using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>
/// A data directory that this process owns: locked, its marker read and matching. The marker is made durable before
/// any partition file exists, so files without a marker always mean that somebody lost or deleted it.
/// </summary>
public sealed class NodeDirectory : IDisposable
{
    // A node hosts some of the partitions, and their count is what a lost marker would have told: look this far at least.
    private const int PartitionsToProbe = 1024;

    private readonly IDisposable _lock;

    private NodeDirectory(DataDirectory layout, NodeMeta meta, bool created, IDisposable held)
    {
        Layout = layout;
        Meta = meta;
        Created = created;
        _lock = held;
    }

    /// <summary>Where everything is.</summary>
    public DataDirectory Layout { get; }

    /// <summary>Who this node is.</summary>
    public NodeMeta Meta { get; }

    /// <summary>Whether this opening created it.</summary>
    public bool Created { get; }

    /// <summary>
    /// Locks the directory and reads its marker, or creates both when there is nothing yet.
    /// </summary>
    /// <exception cref="DataDirectoryException">It is in use, its marker is missing or damaged, or a setting does not fit.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static NodeDirectory Open(string root, CreationSettings settings, IDisk disk)
    {
        var layout = new DataDirectory(root);
        CreationSettingsRules.Check(layout, settings);
        DurableDirectory.Create(disk, root);
        var held = TakeLock(layout, disk);
        try
        {
            if (!disk.FileExists(layout.NodeMetaPath))
            {
                RefuseDataWithoutMarker(layout, settings, disk);
                var meta = new NodeMeta(ClusterId.NewRandom(), Guid.NewGuid(), settings);
                NodeMetaFile.Create(layout, meta, disk);
                return new NodeDirectory(layout, meta, created: true, held);
            }

            var existing = NodeMetaFile.Read(layout, disk);
            CreationSettingsRules.CheckUnchanged(layout, existing.Settings, settings);
            // The rename that brought the marker may have been cut off from its directory sync by a crash.
            disk.SyncDirectory(root);
            return new NodeDirectory(layout, existing, created: false, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Gives the directory free.</summary>
    public void Dispose() => _lock.Dispose();

    private static IDisposable TakeLock(DataDirectory layout, IDisk disk)
    {
        try
        {
            return disk.Lock(layout.LockPath);
        }
        catch (DiskException e) when (e.Errno == 11)
        {
            throw new DataDirectoryException(
                DataDirectoryProblem.InUse,
                layout.Root,
                $"The data directory '{layout.Root}' is in use by another process (it holds '{layout.LockPath}'). Stop that node, or set another bitark.data-dir.",
                e);
        }
    }

    private static void RefuseDataWithoutMarker(DataDirectory layout, CreationSettings settings, IDisk disk)
    {
        for (var i = 0; i < Math.Max(settings.Partitions, PartitionsToProbe); i++)
        {
            var partition = layout.Partition(new PartitionId(i));
            var found = disk.FileExists(partition.EpochMarkPath) ? partition.EpochMarkPath : partition.FindLogOrSnapshot(disk);
            if (found is null)
                continue;
            throw new DataDirectoryException(
                DataDirectoryProblem.MarkerMissing,
                layout.Root,
                $"The data directory '{layout.Root}' holds data ('{found}') but its marker 'node.meta' is missing. Refusing to begin an empty history over it: restore 'node.meta' from a copy of this directory, or set another bitark.data-dir.");
        }
    }
}
