using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Checkpoints;

/// <summary>Serves the files of one replica's snapshots to those who copy them; each is pinned while it is open. Any thread.</summary>
/// <param name="store">The replica's snapshots.</param>
/// <param name="failed">Hears of a failure that ends the partition: the last pin removes a file that is no longer kept, and syncs its directory.</param>
internal sealed class PinnedSnapshots(SnapshotStore store, Action<string> failed) : ISnapshotSource
{
    public ISnapshotReader? Open(Lsn lsn) => store.Pin(lsn) is { } pin ? new Reader(store, pin, failed) : null;

    private sealed class Reader(SnapshotStore store, SnapshotPin pin, Action<string> failed) : ISnapshotReader
    {
        public long Length => pin.Bytes;

        public int Read(long offset, Span<byte> into) =>
            store.ReadChunk(pin.Lsn, offset, into) ?? throw new IOException($"the snapshot at {pin.Lsn} is gone, although it is pinned");

        public void Dispose()
        {
            try
            {
                pin.Dispose();
            }
            catch (Exception e) when (StorageFailure.IsFinal(e))
            {
                failed($"a snapshot that is no longer kept could not be removed: {e.Message}");
                throw;
            }
        }
    }
}
