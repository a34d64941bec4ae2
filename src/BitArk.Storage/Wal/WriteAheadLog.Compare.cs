using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    private const int CompareChunkBytes = 64 * 1024;

    /// <summary>Compares bytes that were shipped again with this log's, flushed or not. For duplicates: rare, and it may read the disk.</summary>
    /// <param name="start">Where they begin.</param>
    /// <param name="bytes">Within one segment, and below <see cref="AppendedLsn"/>.</param>
    /// <exception cref="DiskException">The disk failed.</exception>
    public LogComparison Compare(Lsn start, ReadOnlySpan<byte> bytes)
    {
        var end = start.Plus(bytes.Length);
        if (start < MinRetainedLsn)
            return new LogComparison(LogComparisonKind.NotHere, start);
        if (end > AppendedLsn)
            return new LogComparison(LogComparisonKind.NotHere, Lsn.Max(start, AppendedLsn));
        if (bytes.Length > _geometry.RestOfSegment(start))
            return new LogComparison(LogComparisonKind.NotHere, _geometry.FirstPosition(_geometry.SegmentIndex(start) + 1));

        var durable = (int)Math.Clamp(_batchStart.BytesSince(start), 0, bytes.Length);
        var same = CommonWithFile(start, bytes[..durable]);
        if (same == durable)
        {
            var pending = _batch.AsSpan(RecordCodec.Headroom, _batchBytes);
            if (durable < bytes.Length)
                same += pending[(int)start.Plus(durable).BytesSince(_batchStart)..].CommonPrefixLength(bytes[durable..]);
        }

        return same == bytes.Length
            ? new LogComparison(LogComparisonKind.Equal, end)
            : new LogComparison(LogComparisonKind.Differs, start.Plus(same));
    }

    private int CommonWithFile(Lsn start, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        var chunk = new byte[Math.Min(CompareChunkBytes, bytes.Length)];
        var path = Path.Combine(_options.Directory, LogGeometry.SegmentName(_geometry.SegmentIndex(start)));
        using var file = _disk.Open(path, DiskOpenMode.Read);
        for (var at = 0; at < bytes.Length; at += chunk.Length)
        {
            var part = bytes.Slice(at, Math.Min(chunk.Length, bytes.Length - at));
            var read = file.Read(_geometry.SegmentOffset(start) + at, chunk.AsSpan(0, part.Length));
            var same = chunk.AsSpan(0, read).CommonPrefixLength(part);
            if (same < part.Length)
                return at + same;
        }

        return bytes.Length;
    }
}
