using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>
/// A replica opened from its directory: state and log agree, and a new epoch is durable. The caller's first append is the
/// <c>EpochStart</c> of <see cref="Epoch"/>; it serves once that record is committed and applied. The parts have different
/// owners afterwards (the log's thread, the state's writer, the snapshots' thread); disposing is for when all are done.
/// </summary>
public sealed class ReplicaStore : IDisposable
{
    private ReplicaStore(PartitionState state, WriteAheadLog log, SnapshotStore snapshots, Epoch epoch)
    {
        State = state;
        Log = log;
        Snapshots = snapshots;
        Epoch = epoch;
    }

    /// <summary>The memory: everything in the log is applied.</summary>
    public PartitionState State { get; }

    /// <summary>The log.</summary>
    public WriteAheadLog Log { get; }

    /// <summary>The snapshots.</summary>
    public SnapshotStore Snapshots { get; }

    /// <summary>Higher than every epoch that this replica has ever seen, and durable in <c>epoch.mark</c>.</summary>
    public Epoch Epoch { get; }

    /// <summary>
    /// Opens or creates a replica: newest sound snapshot, log behind it, next epoch. Interrupted at any point and repeated, it
    /// comes to the same state. What cannot be recovered is refused before anything is changed.
    /// </summary>
    /// <exception cref="ReplicaDamagedException">Durable bytes are missing or wrong and nothing here can replace them.</exception>
    /// <exception cref="WalException">The log is damaged, or a newer version wrote it.</exception>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public static ReplicaStore Open(ReplicaOptions options, IDisk disk, IRecoveryObserver observer)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = options.Directory;
        directory.Create(disk);
        var promised = ReadOrCreateMark(options, disk);
        var progress = new RecoveryProgress(observer);
        if (promised > Epoch.None && !HasSegments(directory, disk))
            throw new ReplicaDamagedException(directory, directory.WalPath, $"no segment of the log is left, although epoch {promised} was begun");
        var start = RecoveryStart.Find(options, disk, observer, progress);
        WriteAheadLog? log = null;
        try
        {
            var replay = new LogReplay(start.State, options.State.Geometry);
            log = OpenLog(options, disk, start, replay, mustExist: promised > Epoch.None || start.Snapshot is not null, progress);
            replay.Complete();
            if (promised < log.LastEpoch)
                throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"it knows epochs up to {promised}, but the log has reached {log.LastEpoch}, so it is not this log's");
            start.RequireReachedBy(log, directory);
            if (promised == Epoch.None)
                RequireFirstSegment(log, directory, disk);
            start.Settle();
            var snapshots = new SnapshotStore(directory, disk, start.Snapshot);
            var epoch = promised.Next();
            // Before anything is appended under it: a crash from here on can only skip an epoch, never use one twice.
            EpochMarkFile.Raise(directory, options.Meta.ClusterId, epoch, disk);
            progress.Done();
            return new ReplicaStore(start.State, log, snapshots, epoch);
        }
        catch
        {
            log?.Dispose();
            start.State.Dispose();
            throw;
        }
    }

    /// <summary>Closes the log and frees the memory.</summary>
    public void Dispose()
    {
        Log.Dispose();
        State.Dispose();
    }

    private static Epoch ReadOrCreateMark(ReplicaOptions options, IDisk disk)
    {
        var directory = options.Directory;
        if (disk.FileExists(directory.EpochMarkPath))
            return EpochMarkFile.Read(directory, options.Meta.ClusterId, disk);
        // It is created before everything else of a replica.
        if (directory.FindLogOrSnapshot(disk) is { } found)
            throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"it is missing although '{found}' exists, so the epochs this replica has promised are forgotten");
        EpochMarkFile.Create(directory, options.Meta.ClusterId, disk);
        return Epoch.None;
    }

    private static bool HasSegments(PartitionDirectory directory, IDisk disk) =>
        disk.ListFiles(directory.WalPath).Any(name => name.EndsWith(".wal", StringComparison.Ordinal));

    // A log that opens without room for a segment is fine, unless it is new: no epoch may begin before a segment exists,
    // so that an epoch without any segment always means that the log was lost.
    private static void RequireFirstSegment(WriteAheadLog log, PartitionDirectory directory, IDisk disk)
    {
        if (!HasSegments(directory, disk))
            log.OfferSpare(log.Segments.Create(log.SpareIndex));
    }

    private static WriteAheadLog OpenLog(ReplicaOptions options, IDisk disk, RecoveryStart start, LogReplay replay, bool mustExist, RecoveryProgress progress)
    {
        try
        {
            return WriteAheadLog.Open(options.Wal(mustExist), disk, start.State.LastAppliedLsn, start.State.Epochs.Last, replay, progress);
        }
        catch (WalCorruptException e) when (start.Rejected.Count > 0)
        {
            // The log may be sound and simply not reach back far enough: the snapshots are what is wrong then.
            throw new ReplicaDamagedException(
                options.Directory,
                start.Rejected[0].FilePath,
                $"{string.Join("; ", start.Rejected.Select(bad => bad.Message))} And the log cannot replace them: {e.Reason}",
                e);
        }
    }
}
