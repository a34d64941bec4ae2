using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;

namespace BitArk.Storage.Replica;

/// <summary>
/// Puts a received snapshot in the place of everything that a replica has: the last step of a full sync, and the repair of
/// a damaged one. Nothing of the old log or the old snapshots is read, in whatever state they are. Interrupted before the
/// intent is durable it has changed nothing; afterwards the next opening completes it.
/// <code>
/// promise safe -> accepted.loss removed -> (a repair) vote given up -> intent durable -> snapshot in place -> others removed -> old log removed -> mark made anew -> first segment -> damaged.mark removed -> intent removed
/// </code>
/// Afterwards the log begins at the snapshot's position, which may lie inside a segment:
/// <c>LogBase = MinRetainedLsn = WrittenLsn = LastAppliedLsn</c>.
/// </summary>
public static partial class ReplicaInstall
{
    /// <summary>Installs what <see cref="SnapshotReceiver.Complete"/> has left. The replica must be closed; open it afterwards.</summary>
    /// <param name="options">Which replica.</param>
    /// <param name="disk">The file system.</param>
    /// <param name="lsn">The snapshot's position.</param>
    /// <param name="promise">
    /// What the replica keeps to from now on, where its own <c>epoch.mark</c> says less, or is missing or unreadable: at least
    /// the epoch of the leader that sent the snapshot. What the mark says is never lowered.
    /// </param>
    /// <param name="isRepair">
    /// The replica was damaged, so what it acknowledged may lie behind the snapshot: it is <see cref="ReplicaStore.IsRejoining"/>
    /// from before anything is changed until <see cref="ReplicaStore.Rejoined"/>.
    /// </param>
    /// <param name="writtenLsn">
    /// The end of the log that is thrown away, where it is sound. Behind the snapshot lies what it may have acknowledged: then it is
    /// rejoining, too. A snapshot that reaches as far is committed state and covers all of it.
    /// </param>
    /// <exception cref="InvalidOperationException">There is no such snapshot, or neither promise covers its epochs. Nothing was changed.</exception>
    /// <exception cref="SnapshotInvalidException">The snapshot's header is not readable. Nothing was changed.</exception>
    /// <exception cref="DiskException">A call to the file system failed; repeat, or open the replica, which completes it.</exception>
    public static void Run(ReplicaOptions options, IDisk disk, Lsn lsn, EpochPromise? promise = null, bool isRepair = false, Lsn writtenLsn = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(disk);
        var directory = options.Directory;
        var received = directory.ReceivedPath(lsn);
        if (!disk.FileExists(received))
            throw new InvalidOperationException($"No snapshot at {lsn} has arrived for partition {options.Partition}.");
        SecurePromise(options, disk, SnapshotVerifier.ReadHeader(disk, received), promise);
        // What is installed is another's truth.
        AcceptedLossFile.Remove(directory, disk);

        // Before the damage can no longer be seen: a vote given with the snapshot alone could elect somebody without what this one acknowledged.
        if (isRepair || lsn < writtenLsn)
            ReplicaStore.MarkRejoining(directory, disk);

        var bytes = new byte[InstallIntent.Size];
        new InstallIntent(options.Meta.ClusterId, options.Partition, lsn).Write(bytes);
        AtomicFile.Write(disk, directory.InstallIntentPath, bytes);
        Complete(options, disk, lsn);
    }

    // First of all: a log of an epoch that the mark does not know is damage, and a promise forgotten is a lost mark.
    private static void SecurePromise(ReplicaOptions options, IDisk disk, in SnapshotHeader header, EpochPromise? given)
    {
        var directory = options.Directory;
        var kept = ReplicaStore.TryReadPromise(options, disk);
        var safe = kept is null || given?.Epoch > kept.Epoch ? given : kept;
        if (safe is null || safe.Epoch < header.LastEpoch)
        {
            var known = kept is null ? "its own promise is unreadable" : $"it has promised {kept.Epoch}";
            throw new InvalidOperationException(
                $"A snapshot that reaches {header.LastEpoch} cannot be installed in partition {options.Partition}: {known}, and {given?.Epoch.ToString() ?? "no other"} was given.");
        }

        if (kept is null)
            EpochMarkFile.Create(directory, options.Meta.ClusterId, disk, safe);
        else
            EpochMarkFile.Raise(directory, options.Meta.ClusterId, safe, disk);
    }
}
