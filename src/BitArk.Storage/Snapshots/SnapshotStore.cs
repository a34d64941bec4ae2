using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// The snapshots of one replica: writes new ones, keeps the two newest sound ones, and says how far back the log must reach
/// because of them. <see cref="Write"/> is called by one thread at a time; the properties by any.
/// </summary>
public sealed partial class SnapshotStore
{
    private readonly Lock _gate = new();
    private readonly PartitionDirectory _directory;
    private readonly IDisk _disk;
    private readonly SnapshotCatalog _catalog;
    private volatile Lsn[] _kept;
    private volatile SnapshotInfo? _newest;

    internal SnapshotStore(PartitionDirectory directory, IDisk disk, SnapshotInfo? newest)
    {
        _directory = directory;
        _disk = disk;
        _catalog = new SnapshotCatalog(directory, disk);
        _newest = newest;
        _kept = newest is null ? [] : [.. _catalog.List().Take(RetentionFloor.KeptSnapshots)];
        _catalog.RemoveAllBut(_kept);
    }

    /// <summary>The newest snapshot, verified when it was loaded or written; null if there is none.</summary>
    public SnapshotInfo? Newest => _newest;

    /// <summary>Positions of the kept snapshots, newest first: at most <see cref="RetentionFloor.KeptSnapshots"/>.</summary>
    public IReadOnlyList<Lsn> Kept => _kept;

    /// <summary>
    /// Drains a begun snapshot into its file, reads it back, and only then removes the snapshots that are no longer
    /// kept. If it fails the older ones are untouched and the capture is aborted; it is also when the newest is of this very position and is simply returned.
    /// </summary>
    /// <exception cref="DiskException">A call to the file system failed, or it has less space left than the last snapshot took.</exception>
    /// <exception cref="SnapshotInvalidException">What was read back is not what was written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the capture was aborted.</exception>
    public SnapshotInfo Write(PartitionSnapshot snapshot, IWritePacer pacer, CancellationToken cancellation)
    {
        if (_newest is { } newest && newest.Lsn == snapshot.Lsn)
        {
            // Nothing was written since: the file would be the same, and a failure half-way would cost a sound one.
            snapshot.Capture.Abort();
            return newest;
        }

        RequireSpace(snapshot);
        var info = SnapshotWriter.Write(_disk, _directory.SnapshotPath(snapshot.Lsn), snapshot, pacer, cancellation);
        lock (_gate)
        {
            _newest = info;
            _kept = [info.Lsn, .. _kept.Where(older => older < info.Lsn).Take(RetentionFloor.KeptSnapshots - 1)];
            _bad.Remove(info.Lsn);
            RemoveOthers();
        }

        return info;
    }

    // One that cannot fit would fill the disk each time before it fails, and the log beside it would find none.
    private void RequireSpace(PartitionSnapshot snapshot)
    {
        var needed = _newest?.Bytes ?? 0;
        var free = _disk.FreeBytes(_directory.Root);
        if (free >= needed)
            return;
        snapshot.Capture.Abort();
        throw new DiskException("statvfs", _directory.Root, DiskException.NoSpace, $"{free} bytes are free, and the last snapshot took {needed}");
    }

    /// <summary>The position before which neither this replica nor a snapshot being shipped needs the log: to be deleted below, in whole segments.</summary>
    public Lsn RetentionFloorAt(Lsn commitLsn)
    {
        lock (_gate)
            return _pinned.Aggregate(RetentionFloor.Of(_kept, commitLsn), Lsn.Min);
    }
}
