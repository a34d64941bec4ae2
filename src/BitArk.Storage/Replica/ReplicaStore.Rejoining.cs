using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// A repaired replica on its way back to a vote. Any thread; one at a time.
public sealed partial class ReplicaStore
{
    private volatile bool _isRejoining;

    /// <summary>
    /// Whether it was repaired, or came with an empty disk to a cluster that was there before, and may still lack something that it acknowledged before: no vote, and no leadership, until it has
    /// matched what its leader had written when it came back. Survives restarts. Any thread.
    /// </summary>
    public bool IsRejoining => _isRejoining;

    /// <summary>It has caught up, durably: it votes again.</summary>
    /// <exception cref="DiskException">A call to the file system failed; it is still rejoining.</exception>
    public void Rejoined()
    {
        if (!_isRejoining)
            return;
        _disk.Delete(_directory.RejoiningMarkPath);
        _disk.SyncDirectory(_directory.Root);
        _isRejoining = false;
    }

    internal static void MarkRejoining(PartitionDirectory directory, IDisk disk) => AtomicFile.Write(disk, directory.RejoiningMarkPath, "rejoining\n"u8);
}
