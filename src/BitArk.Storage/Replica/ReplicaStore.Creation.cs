using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// Whether an empty directory is that of a replica that never was, or of one that is gone with all that it promised and acknowledged.
public sealed partial class ReplicaStore
{
    // Mark, then record, then (by the caller) the first promise. The other way round a crash in between would take the vote of
    // a replica that never had anything; and before the first promise a mark without a record, once gone, is no loss.
    private static EpochPromise ReadOrCreateMark(ReplicaOptions options, IDisk disk, IRecoveryObserver observer)
    {
        var directory = options.Directory;
        if (!disk.FileExists(directory.EpochMarkPath))
            CreateMark(options, disk, observer);
        var promise = EpochMarkFile.Read(directory, options.Meta.ClusterId, disk);
        RecordCreation(options, disk);
        return promise;
    }

    private static void CreateMark(ReplicaOptions options, IDisk disk, IRecoveryObserver observer)
    {
        var directory = options.Directory;

        // It is created before everything else of a replica.
        if (directory.FindLogOrSnapshot(disk) is { } found)
            throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"it is missing although '{found}' exists, so the epochs this replica has promised are forgotten");
        var isLost = disk.FileExists(options.CreatedRecordPath);
        if (isLost && !options.IsOneOfSeveral)
        {
            throw new ReplicaDamagedException(
                directory,
                directory.EpochMarkPath,
                $"nothing is left of a replica that was here ('{options.CreatedRecordPath}' says so), and there is no other to copy it from; whoever wants to begin with an empty one deletes that record");
        }

        if (isLost)
            observer.Lost($"nothing is left of the replica that was in '{directory.Root}' ('{options.CreatedRecordPath}' says so); an empty one begins there, without a vote until it has caught up");

        // Before the mark, behind which an empty replica of a new cluster looks the same.
        if (isLost || options.HasJoinedLater)
            MarkRejoining(directory, disk);
        EpochMarkFile.Create(directory, options.Meta.ClusterId, disk);
    }

    // Also for the directory of a build that wrote no records.
    private static void RecordCreation(ReplicaOptions options, IDisk disk)
    {
        // The rename that brought it may have been cut off from its directory sync by a crash.
        if (disk.FileExists(options.CreatedRecordPath))
        {
            disk.SyncDirectory(options.Layout.CreatedPath);
            return;
        }

        DurableDirectory.Create(disk, options.Layout.CreatedPath);
        AtomicFile.Write(disk, options.CreatedRecordPath, "created\n"u8);
    }
}
