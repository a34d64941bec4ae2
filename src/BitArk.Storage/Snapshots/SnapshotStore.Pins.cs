using BitArk.Storage.Disk;

namespace BitArk.Storage.Snapshots;

// Snapshots that are being shipped to other replicas. Any thread.
public sealed partial class SnapshotStore
{
    private readonly List<Lsn> _pinned = [];

    /// <summary>Holds a snapshot until the pin is disposed; null when it is not, or no longer, kept. Several may hold the same.</summary>
    /// <exception cref="DiskException">The file cannot be opened.</exception>
    public SnapshotPin? Pin(Lsn lsn)
    {
        lock (_gate)
        {
            if (_bad.Contains(lsn) || (!_kept.Contains(lsn) && !_pinned.Contains(lsn)))
                return null;
            using var file = _disk.Open(_directory.SnapshotPath(lsn), DiskOpenMode.Read);
            _pinned.Add(lsn);
            return new SnapshotPin(this, lsn, file.Length);
        }
    }

    /// <summary>Reads a piece of a snapshot's file; null when the snapshot is not held any more. What arrives is verified as a whole by who receives it.</summary>
    /// <param name="lsn">A pinned snapshot.</param>
    /// <param name="offset">Where in the file.</param>
    /// <param name="into">Filled, but for the end of the file.</param>
    /// <returns>The bytes read; fewer than asked at the end of the file.</returns>
    /// <exception cref="DiskException">A call to the file system failed.</exception>
    public int? ReadChunk(Lsn lsn, long offset, Span<byte> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        lock (_gate)
        {
            if (!_pinned.Contains(lsn))
                return null;
        }

        try
        {
            using var file = _disk.Open(_directory.SnapshotPath(lsn), DiskOpenMode.Read);
            return file.Read(offset, into);
        }
        catch (DiskException gone) when (gone.IsMissing)
        {
            return null;
        }
    }

    internal void Unpin(Lsn lsn)
    {
        lock (_gate)
        {
            _pinned.Remove(lsn);
            if (!_kept.Contains(lsn) && !_pinned.Contains(lsn))
                _catalog.Remove(lsn);
        }
    }

    // Under the gate: a pin taken meanwhile must be seen.
    private void RemoveOthers() => _catalog.RemoveAllBut([.. _kept, .. _pinned]);
}
