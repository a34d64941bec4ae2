using System.IO.Hashing;
using BitArk.Storage.Memory;

namespace BitArk.Storage.Snapshots;

/// <summary>A snapshot that has begun: everything but the memory is here, the memory arrives through <see cref="Capture"/>.</summary>
public sealed class PartitionSnapshot
{
    private readonly byte[] _head;

    internal PartitionSnapshot(SnapshotCapture capture, SnapshotHeader header, ReadOnlySpan<byte> epochTable, ReadOnlySpan<byte> sessionGeometry)
    {
        var tables = capture.Geometry.Span;
        Capture = capture;
        Lsn = header.Lsn;
        _head = [.. new byte[SnapshotHeader.Size], .. epochTable, .. tables, .. sessionGeometry];
        Header = header with
        {
            EpochTableBytes = epochTable.Length,
            ConfigurationBytes = 0,
            TableGeometryBytes = tables.Length,
            SessionGeometryBytes = sessionGeometry.Length,
        };
    }

    /// <summary>The memory; the state's writer copies, the snapshot's writer drains, anyone aborts.</summary>
    public SnapshotCapture Capture { get; }

    /// <summary>The position it is exact at.</summary>
    public Lsn Lsn { get; }

    internal SnapshotHeader Header { get; }

    /// <summary>Header and preamble of the file; the checksums are taken here, away from the state's writer.</summary>
    internal ReadOnlySpan<byte> Head()
    {
        (Header with { PreambleCrc = Crc32.HashToUInt32(_head.AsSpan(SnapshotHeader.Size)) }).Write(_head);
        return _head;
    }
}
