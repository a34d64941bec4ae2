using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>Bytes behind the end of a log that are not zero.</summary>
/// <param name="Path">The segment.</param>
/// <param name="Lsn">Where they begin, as a position.</param>
/// <param name="Offset">Where they begin in the file.</param>
/// <param name="Bytes">Up to and including the last byte that is not zero.</param>
internal sealed record LogTail(string Path, Lsn Lsn, long Offset, long Bytes)
{
    /// <summary>The reason given when the last record was followed by a header of zeros, but not by zeros only.</summary>
    public const string BytesBehindTheEnd = "bytes behind the end of the log are not zero";

    private const int ChunkBytes = 1024 * 1024;

    /// <summary>
    /// Looks through the rest of the segment that the log ends in, and into the beginning of later ones. Further bytes of
    /// a spare need no look: a record found there would need the right LSN, and an epoch not below the one before it.
    /// </summary>
    public static IReadOnlyList<LogTail> Find(IDisk disk, SegmentCatalog catalog, LogGeometry geometry, LogScan scan)
    {
        var tails = new List<LogTail>();
        var (stopIndex, endIndex) = (geometry.SegmentIndex(scan.StopLsn), geometry.SegmentIndex(scan.End));
        foreach (var index in catalog.Indices.Where(index => index >= stopIndex))
        {
            var from = index == stopIndex ? geometry.SegmentOffset(scan.StopLsn) : SegmentHeader.Size;
            var to = index <= endIndex ? geometry.SegmentBytes : Math.Min(geometry.SegmentBytes, SegmentHeader.Size + ChunkBytes);
            var end = FindEnd(disk, catalog.PathOf(index), from, to);
            if (end > from)
                tails.Add(new LogTail(catalog.PathOf(index), new Lsn((index * geometry.SegmentBytes) + from), from, end - from));
        }

        return tails;
    }

    // The offset after the last byte that is not zero, or `from`.
    private static long FindEnd(IDisk disk, string path, long from, long to)
    {
        var end = from;
        var chunk = new byte[(int)Math.Min(ChunkBytes, to - from)];
        using var file = disk.Open(path, DiskOpenMode.Read);
        for (var at = from; at < to; at += chunk.Length)
        {
            var read = file.Read(at, chunk.AsSpan(0, (int)Math.Min(chunk.Length, to - at)));
            var last = chunk.AsSpan(0, read).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
                end = at + last + 1;
        }

        return end;
    }
}
