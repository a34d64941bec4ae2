namespace BitArk.Storage.Snapshots;

/// <summary>
/// Holds a snapshot's file, and the log behind it, while they are being shipped. Bound its life: until it is disposed
/// nothing of them is deleted. Any thread.
/// </summary>
public sealed class SnapshotPin : IDisposable
{
    private SnapshotStore? _store;

    internal SnapshotPin(SnapshotStore store, Lsn lsn, long bytes)
    {
        _store = store;
        Lsn = lsn;
        Bytes = bytes;
    }

    /// <summary>The snapshot.</summary>
    public Lsn Lsn { get; }

    /// <summary>The length of its file.</summary>
    public long Bytes { get; }

    /// <summary>Lets it go; a snapshot that is no longer kept is removed.</summary>
    public void Dispose() => Interlocked.Exchange(ref _store, null)?.Unpin(Lsn);
}
