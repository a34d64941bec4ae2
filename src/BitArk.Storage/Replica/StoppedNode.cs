using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>The data directory of a node that does not run, held by a tool that may change it: no node starts on it meanwhile.</summary>
public sealed class StoppedNode : IDisposable
{
    private readonly IDisposable _lock;

    private StoppedNode(DataDirectory layout, NodeMeta meta, IDisposable held) => (Layout, Meta, _lock) = (layout, meta, held);

    /// <summary>Where everything is.</summary>
    public DataDirectory Layout { get; }

    /// <summary>Whose it is.</summary>
    public NodeMeta Meta { get; }

    /// <summary>Locks the directory and reads its marker. Whatever the node's settings are: nothing depends on them.</summary>
    /// <exception cref="DataDirectoryException">Its node is running, or its marker is missing or damaged.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static StoppedNode Take(string root, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(disk);
        var layout = new DataDirectory(root);
        if (!disk.FileExists(layout.NodeMetaPath))
            throw new DataDirectoryException(DataDirectoryProblem.MarkerMissing, root, $"'{root}' is no data directory: it has no '{Path.GetFileName(layout.NodeMetaPath)}'.");
        var held = HeldDirectory.TakeLock(layout, disk);
        try
        {
            var meta = NodeMetaFile.Read(layout, disk);
            FormatScreen.Require(layout, meta.Settings.Partitions, disk);
            return new StoppedNode(layout, meta, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Gives it free.</summary>
    public void Dispose() => _lock.Dispose();
}
