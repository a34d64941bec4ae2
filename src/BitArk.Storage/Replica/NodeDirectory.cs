using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

/// <summary>
/// A data directory that this process owns: locked, its marker read and matching. The marker is made durable before
/// any partition file exists, so files without a marker always mean that somebody lost or deleted it.
/// </summary>
public sealed class NodeDirectory : IDisposable
{
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
    /// Locks the directory and reads its marker, or creates both when there is nothing yet, as a cluster of its own.
    /// </summary>
    /// <exception cref="DataDirectoryException">It is in use, its marker is missing or damaged, or a setting does not fit.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static NodeDirectory Open(string root, CreationSettings settings, IDisk disk)
    {
        var held = HeldDirectory.Take(root, settings, disk);
        try
        {
            return held.Open(held.Meta?.ClusterId ?? ClusterId.NewRandom());
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    internal static NodeDirectory Of(DataDirectory layout, NodeMeta meta, bool created, IDisposable held) => new(layout, meta, created, held);

    /// <summary>Gives the directory free.</summary>
    public void Dispose() => _lock.Dispose();
}
