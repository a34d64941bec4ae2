using BitArk.Cluster;

namespace BitArk.Node.Tests.Peers;

/// <summary>One snapshot "file" in memory, that counts how often it is open.</summary>
internal sealed class MemorySnapshots(Lsn at, byte[] file) : ISnapshotSource
{
    public int Open { get; private set; }

    ISnapshotReader? ISnapshotSource.Open(Lsn lsn)
    {
        if (lsn != at)
            return null;

        Open++;
        return new Reader(this, file);
    }

    private sealed class Reader(MemorySnapshots owner, byte[] file) : ISnapshotReader
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> into)
        {
            var part = file.AsSpan((int)offset, Math.Min(into.Length, file.Length - (int)offset));
            part.CopyTo(into);
            return part.Length;
        }

        public void Dispose() => owner.Open--;
    }
}
