using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

// What follows a durable intent; every step may be interrupted, and all of them repeated.
public static partial class ReplicaInstall
{
    /// <summary>Completes what was interrupted, before anything of the replica is read; false when nothing was.</summary>
    /// <exception cref="ReplicaDamagedException">The intent is unreadable, another replica's, or its snapshot is gone.</exception>
    internal static bool CompleteIfInterrupted(ReplicaOptions options, IDisk disk)
    {
        var directory = options.Directory;
        if (!disk.FileExists(directory.InstallIntentPath))
            return false;
        var intent = Read(directory, disk);
        if (intent.ClusterId != options.Meta.ClusterId || intent.Partition != options.Partition)
            throw new ReplicaDamagedException(directory, directory.InstallIntentPath, $"it belongs to partition {intent.Partition} of cluster {intent.ClusterId}");
        // A rename that was cut off from its directory's sync counts only from here.
        disk.SyncDirectory(directory.Root);
        Complete(options, disk, intent.SnapshotLsn);
        return true;
    }

    private static InstallIntent Read(PartitionDirectory directory, IDisk disk)
    {
        using var file = disk.Open(directory.InstallIntentPath, DiskOpenMode.Read);
        Span<byte> bytes = stackalloc byte[InstallIntent.Size];
        return InstallIntent.TryRead(bytes[..file.Read(0, bytes)], out var intent, out var reason)
            ? intent
            : throw new ReplicaDamagedException(directory, directory.InstallIntentPath, $"an install was interrupted, and its intent is unreadable ({reason}); only a full sync helps");
    }

    private static void Complete(ReplicaOptions options, IDisk disk, Lsn lsn)
    {
        var directory = options.Directory;
        PutSnapshot(directory, disk, lsn);
        new SnapshotCatalog(directory, disk).RemoveAllFilesBut(lsn);
        RemoveLog(directory, disk);
        // Between the old mark and this one there is no segment that either could contradict.
        DurableMarkFile.Create(directory.DurableMarkPath, disk, options.Meta.ClusterId, options.Partition, new DurableMarkState(lsn, lsn, lsn)).Dispose();
        var wal = options.Wal(mustExist: true);
        new SegmentFactory(wal, disk).Create(wal.Geometry.SegmentIndex(lsn)).Dispose();
        // Nothing of the damaged bytes is left. Gone for good before the intent is, which would do all of this again.
        if (disk.FileExists(directory.DamagedMarkPath))
        {
            disk.Delete(directory.DamagedMarkPath);
            disk.SyncDirectory(directory.Root);
        }

        disk.Delete(directory.InstallIntentPath);
        disk.SyncDirectory(directory.Root);
    }

    private static void PutSnapshot(PartitionDirectory directory, IDisk disk, Lsn lsn)
    {
        if (disk.FileExists(directory.ReceivedPath(lsn)))
            disk.Rename(directory.ReceivedPath(lsn), directory.SnapshotPath(lsn));
        else if (!disk.FileExists(directory.SnapshotPath(lsn)))
            throw new ReplicaDamagedException(directory, directory.SnapshotPath(lsn), "an install was interrupted, and its snapshot is gone; only a full sync helps");
        disk.SyncDirectory(directory.SnapshotsPath);
    }

    private static void RemoveLog(PartitionDirectory directory, IDisk disk)
    {
        foreach (var name in disk.ListFiles(directory.WalPath))
            disk.Delete(Path.Combine(directory.WalPath, name));
        disk.SyncDirectory(directory.WalPath);
    }
}
