using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>
/// A replica opened from its directory: state and log agree. A lone replica has a new epoch, durable; the caller's first
/// append is the <c>EpochStart</c> of <see cref="Epoch"/>, and it serves once that record is committed and applied. One of
/// several has what it promised before, and begins an epoch only by <see cref="BeginEpoch"/>. The parts have different owners afterwards (the log's thread, the state's writer, the snapshots' thread); disposing is for when all are done.
/// </summary>
public sealed partial class ReplicaStore : IDisposable
{
    private readonly PartitionDirectory _directory;
    private readonly ClusterId _cluster;
    private readonly IDisk _disk;
    private long _epoch;

    private ReplicaStore(ReplicaOptions options, IDisk disk, PartitionState state, WriteAheadLog log, SnapshotStore snapshots, EpochPromise promised, AcceptedLoss? loss)
    {
        _acceptedLoss = loss;
        _directory = options.Directory;
        _cluster = options.Meta.ClusterId;
        _disk = disk;
        _isOneOfSeveral = options.IsOneOfSeveral;
        _promised = promised;
        _isRejoining = disk.FileExists(_directory.RejoiningMarkPath);
        _isGuarded = disk.FileExists(_directory.GuardMarkPath);
        State = state;
        Log = log;
        Snapshots = snapshots;
    }

    /// <summary>The memory: everything in the log is applied; of several, what was known to be committed.</summary>
    public PartitionState State { get; }

    /// <summary>The log.</summary>
    public WriteAheadLog Log { get; }

    /// <summary>The snapshots.</summary>
    public SnapshotStore Snapshots { get; }

    /// <summary>
    /// The epoch led here, higher than every one seen before it and durable in <c>epoch.mark</c>; <see cref="Epoch.None"/>
    /// while one of several leads none. Any thread.
    /// </summary>
    public Epoch Epoch
    {
        get => new(Volatile.Read(ref _epoch));
        private set => Volatile.Write(ref _epoch, value.Value);
    }

    /// <summary>
    /// Opens or creates a replica: newest sound snapshot, log behind it, and for a lone one the next epoch. Interrupted at any point and repeated, it
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
        directory.Settle(disk);
        if (ReplicaInstall.CompleteIfInterrupted(options, disk))
            observer.Tidied("completed an interrupted install of a snapshot");
        RefuseDamaged(directory, disk);
        var loss = LossAcceptance.CompleteIfInterrupted(directory, options.Meta.ClusterId, disk);
        var promised = ReadOrCreateMark(options, disk, observer);
        var progress = new RecoveryProgress(observer);
        if (promised.Epoch > Epoch.None && !HasSegments(directory, disk))
            throw new ReplicaDamagedException(directory, directory.WalPath, $"no segment of the log is left, although epoch {promised.Epoch} was promised or begun");
        var start = RecoveryStart.Find(options, disk, observer, progress);
        WriteAheadLog? log = null;
        try
        {
            var replay = new LogReplay(start.State, options.State.Geometry);
            log = OpenLog(options, disk, start, Applying(options, disk, replay), mustExist: promised.Epoch > Epoch.None || start.Snapshot is not null, progress);
            replay.Complete();
            if (promised.Epoch < log.LastEpoch)
                throw new ReplicaDamagedException(directory, directory.EpochMarkPath, $"it knows epochs up to {promised.Epoch}, but the log has reached {log.LastEpoch}, so it is not this log's");
            start.RequireReachedBy(log, directory);
            if (promised.Epoch == Epoch.None)
                RequireFirstSegment(log, directory, disk);
            start.Settle();
            var snapshots = new SnapshotStore(directory, disk, start.Snapshot);
            var replica = new ReplicaStore(options, disk, start.State, log, snapshots, promised, loss);
            replica.RenewPromise(options.IsOneOfSeveral);
            progress.Done();
            return replica;
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

    private void RenewPromise(bool isOneOfSeveral)
    {
        if (isOneOfSeveral)
        {
            // A crash may have left it in one slot only, where a single rotten sector could still take it back.
            if (_promised.Epoch > Epoch.None)
                MakeDurable(_promised);
            return;
        }

        // Before anything is appended under it: a crash from here on can only skip an epoch, never use one twice.
        var own = new EpochPromise(_promised.Epoch.Next(), Guid.Empty);
        MakeDurable(own);
        _promised = own;
        Epoch = own.Epoch;
    }

    internal static bool HasSegments(PartitionDirectory directory, IDisk disk) =>
        disk.ListFiles(directory.WalPath).Any(name => name.EndsWith(".wal", StringComparison.Ordinal));

    // A log that opens without room for a segment is fine, unless it is new: no epoch may begin before a segment exists,
    // so that an epoch without any segment always means that the log was lost.
    private static void RequireFirstSegment(WriteAheadLog log, PartitionDirectory directory, IDisk disk)
    {
        if (!HasSegments(directory, disk))
            log.OfferSpare(log.Segments.Create(log.SpareIndex));
    }

    private static IWalRecordVisitor Applying(ReplicaOptions options, IDisk disk, LogReplay replay)
    {
        if (!options.IsOneOfSeveral || !disk.FileExists(options.Directory.DurableMarkPath))
            return replay;
        return new CommittedOnly(replay, DurableMarkFile.Read(options.Directory.DurableMarkPath, disk).CommitLsn);
    }

    private static WriteAheadLog OpenLog(ReplicaOptions options, IDisk disk, RecoveryStart start, IWalRecordVisitor visitor, bool mustExist, RecoveryProgress progress)
    {
        try
        {
            return WriteAheadLog.Open(options.Wal(mustExist), disk, start.State.LastAppliedLsn, start.State.Epochs.Entries, visitor, progress);
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
