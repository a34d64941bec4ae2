using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// Damage that was found while the replica ran. A sector that was bad once may read well the next time, or not be read at all.
public sealed partial class ReplicaStore
{
    /// <summary>
    /// Makes it durable that bytes of this replica are bad, before anything else is done about it: from now on
    /// <see cref="Open"/> refuses it, until an install has replaced everything. May be repeated. Any thread.
    /// </summary>
    /// <exception cref="DiskException">A call to the file system failed: whether the next opening finds the damage is unknown, so this replica must say nothing any more.</exception>
    public void MarkDamaged() => AtomicFile.Write(_disk, _directory.DamagedMarkPath, "damaged\n"u8);

    private static void RefuseDamaged(PartitionDirectory directory, IDisk disk)
    {
        if (disk.FileExists(directory.DamagedMarkPath))
            throw new ReplicaDamagedException(directory, directory.DamagedMarkPath, "an earlier run found that bytes of this replica are bad, and said in its log which; only a full sync helps");
    }
}
