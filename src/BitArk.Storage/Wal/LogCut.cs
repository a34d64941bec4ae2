using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// Removes everything behind a position. The intent is in the durable mark before this runs and leaves it afterwards, so
/// running it again after a crash at any point gives the same files.
/// </summary>
internal static class LogCut
{
    private const int ChunkBytes = 1024 * 1024;

    /// <summary>Deletes the later segments, highest first, and zeroes the rest of the one that holds the position.</summary>
    public static void Execute(IDisk disk, string directory, LogGeometry geometry, IEnumerable<long> segments, Lsn cut)
    {
        var last = geometry.SegmentIndex(cut);
        var holdsCut = false;
        foreach (var index in segments.OrderDescending())
        {
            holdsCut |= index == last;
            if (index > last)
                disk.Delete(Path.Combine(directory, LogGeometry.SegmentName(index)));
        }

        disk.SyncDirectory(directory);
        if (!holdsCut)
            return;
        using var file = disk.Open(Path.Combine(directory, LogGeometry.SegmentName(last)), DiskOpenMode.ReadWrite);
        Zero(file, geometry.SegmentOffset(cut), geometry.SegmentBytes);
        file.Sync();
    }

    /// <summary>Writes zeros over a part of a file; not synced.</summary>
    public static void Zero(IDiskFile file, long from, long to)
    {
        var zeros = new byte[(int)Math.Min(ChunkBytes, to - from)];
        for (var at = from; at < to; at += zeros.Length)
            file.Write(at, zeros.AsSpan(0, (int)Math.Min(zeros.Length, to - at)));
    }
}
