using BitArk.Storage.Disk;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>Where a recovery begins: the newest sound snapshot, or the empty state in front of the log's first record.</summary>
internal sealed class RecoveryStart
{
    private readonly SnapshotCatalog _catalog;
    private readonly List<Lsn> _rejectedLsns = [];

    private RecoveryStart(SnapshotCatalog catalog, PartitionState state)
    {
        _catalog = catalog;
        State = state;
    }

    /// <summary>The state to replay the log onto.</summary>
    public PartitionState State { get; private set; }

    /// <summary>The snapshot it was loaded from; null for the empty state.</summary>
    public SnapshotInfo? Snapshot { get; private set; }

    /// <summary>The newer snapshots that were not sound, newest first.</summary>
    public List<SnapshotInvalidException> Rejected { get; } = [];

    public static RecoveryStart Find(ReplicaOptions options, IDisk disk, IRecoveryObserver observer, RecoveryProgress progress)
    {
        var start = new RecoveryStart(new SnapshotCatalog(options.Directory, disk), null!);
        foreach (var lsn in start._catalog.List())
        {
            var path = options.Directory.SnapshotPath(lsn);
            try
            {
                start.State = PartitionState.Load(disk, path, options.State, out var info, (done, total) => progress.Loading(Path.GetFileName(path), done, total));
                start.Snapshot = info;
                progress.Loaded();
                return start;
            }
            catch (SnapshotInvalidException e) when (!e.IsUnsupported)
            {
                start.Reject(lsn, e, observer);
            }
            catch (DiskException e) when (e.IsDeviceError)
            {
                // A bad sector is damage like any other, and the older snapshot lies elsewhere. Lack of memory or descriptors is not: it says nothing of the file.
                start.Reject(lsn, new SnapshotInvalidException(path, 0, e.Message), observer);
            }
        }

        start.State = new PartitionState(options.State);
        progress.Loaded();
        return start;
    }

    private void Reject(Lsn lsn, SnapshotInvalidException e, IRecoveryObserver observer)
    {
        observer.SnapshotRejected(e.FilePath, e.Reason);
        Rejected.Add(e);
        _rejectedLsns.Add(lsn);
    }

    /// <summary>A snapshot is taken of what is durable: even an unsound one tells how far the log reached when it was begun.</summary>
    public void RequireReachedBy(WriteAheadLog log, PartitionDirectory directory)
    {
        foreach (var lsn in _rejectedLsns)
        {
            if (log.WrittenLsn < lsn)
                throw new ReplicaDamagedException(directory, directory.WalPath, $"the log ends at {log.WrittenLsn}, but '{directory.SnapshotPath(lsn)}', itself unsound, was taken at {lsn}");
        }
    }

    /// <summary>The recovery has succeeded from here: what was not sound must not count as kept, and leftovers go.</summary>
    public void Settle()
    {
        _catalog.RemoveTemporaries();
        foreach (var lsn in _rejectedLsns)
            _catalog.SetAside(lsn);
    }
}
