using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>
/// A data directory that this process has locked but not yet opened: a node of a cluster may have to learn first which
/// cluster it is to belong to. Dispose it, or hand it on with <see cref="Open"/>.
/// </summary>
public sealed class HeldDirectory : IDisposable
{
    // A node hosts some of the partitions, and their count is what a lost marker would have told: look this far at least.
    private const int PartitionsToProbe = 1024;

    private readonly IDisk _disk;
    private readonly CreationSettings _settings;
    private IDisposable? _lock;

    private HeldDirectory(DataDirectory layout, CreationSettings settings, IDisk disk, IDisposable held)
    {
        Layout = layout;
        _settings = settings;
        _disk = disk;
        _lock = held;
    }

    /// <summary>Where everything is.</summary>
    public DataDirectory Layout { get; }

    /// <summary>The marker; null while there is nothing yet.</summary>
    public NodeMeta? Meta { get; private init; }

    /// <summary>Locks the directory, creating it if missing, and reads its marker if there is one.</summary>
    /// <exception cref="DataDirectoryException">It is in use, its marker is missing or damaged, or a setting does not fit.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static HeldDirectory Take(string root, CreationSettings settings, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        ArgumentNullException.ThrowIfNull(settings);
        var layout = new DataDirectory(root);
        CreationSettingsRules.Check(layout, settings);
        DurableDirectory.Create(disk, root);
        var held = TakeLock(layout, disk);
        try
        {
            return new HeldDirectory(layout, settings, disk, held) { Meta = ReadMarker(layout, settings, disk) };
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Opens the directory as a member of a cluster, creating the marker if there is none. The lock goes to the result.</summary>
    /// <exception cref="DataDirectoryException">The marker is of another cluster.</exception>
    /// <exception cref="DiskException">A call to the file system failed; the lock is still held here.</exception>
    public NodeDirectory Open(ClusterId cluster)
    {
        ObjectDisposedException.ThrowIf(_lock is null, this);
        if (Meta is { } existing && existing.ClusterId != cluster)
        {
            throw new DataDirectoryException(
                DataDirectoryProblem.ClusterMismatch,
                Layout.Root,
                $"The marker '{Layout.NodeMetaPath}' is of cluster {existing.ClusterId}, but the cluster to join is {cluster}. Refusing to mix them: set another bitark.data-dir, or connect this node to its own cluster.");
        }

        var meta = Meta ?? new NodeMeta(cluster, Guid.NewGuid(), _settings);
        if (Meta is null)
            NodeMetaFile.Create(Layout, meta, _disk);

        var directory = NodeDirectory.Of(Layout, meta, created: Meta is null, _lock);
        _lock = null;
        return directory;
    }

    /// <summary>Gives the directory free, unless it was handed on.</summary>
    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }

    private static NodeMeta? ReadMarker(DataDirectory layout, CreationSettings settings, IDisk disk)
    {
        if (!disk.FileExists(layout.NodeMetaPath))
        {
            RefuseDataWithoutMarker(layout, settings, disk);
            return null;
        }

        var existing = NodeMetaFile.Read(layout, disk);
        FormatScreen.Require(layout, existing.Settings.Partitions, disk);
        CreationSettingsRules.CheckUnchanged(layout, existing.Settings, settings);
        // The rename that brought the marker may have been cut off from its directory sync by a crash.
        disk.SyncDirectory(layout.Root);
        return existing;
    }

    internal static IDisposable TakeLock(DataDirectory layout, IDisk disk)
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
            var record = layout.CreatedRecordPath(partition.Partition);
            var found = disk.FileExists(partition.EpochMarkPath) ? partition.EpochMarkPath
                : disk.FileExists(record) ? record
                : partition.FindLogOrSnapshot(disk);
            if (found is null)
                continue;
            throw new DataDirectoryException(
                DataDirectoryProblem.MarkerMissing,
                layout.Root,
                $"The data directory '{layout.Root}' holds data ('{found}') but its marker 'node.meta' is missing. Refusing to begin an empty history over it: restore 'node.meta' from a copy of this directory, or set another bitark.data-dir.");
        }
    }
}
