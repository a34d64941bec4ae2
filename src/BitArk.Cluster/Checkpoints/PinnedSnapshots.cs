using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Checkpoints;

/// <summary>Serves the files of one replica's snapshots to those who copy them; each is pinned while it is open. Any thread.</summary>
internal sealed class PinnedSnapshots(SnapshotStore store) : ISnapshotSource
{
    public ISnapshotReader? Open(Lsn lsn) => store.Pin(lsn) is { } pin ? new Reader(store, pin) : null;

    private sealed class Reader(SnapshotStore store, SnapshotPin pin) : ISnapshotReader
    {
        public long Length => pin.Bytes;

        public int Read(long offset, Span<byte> into) =>
            store.ReadChunk(pin.Lsn, offset, into) ?? throw new IOException($"the snapshot at {pin.Lsn} is gone, although it is pinned");

        public void Dispose() => pin.Dispose();
    }
}
