using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

internal sealed partial class WalRecovery
{
    private const int ChunkBytes = 1024 * 1024;

    // What lies above the mark may exist in the page cache only, left there by a process whose sync failed or never came.
    private void Rewrite(SegmentCatalog catalog, Lsn from, Lsn to)
    {
        var chunk = new byte[ChunkBytes];
        for (var index = _geometry.SegmentIndex(from); from < to && index <= _geometry.SegmentIndex(to); index++)
        {
            var begin = index == _geometry.SegmentIndex(from) ? _geometry.SegmentOffset(from) : SegmentHeader.Size;
            var end = index == _geometry.SegmentIndex(to) ? _geometry.SegmentOffset(to) : _geometry.SegmentBytes;
            if (begin >= end)
                continue;
            using var file = disk.Open(catalog.PathOf(index), DiskOpenMode.ReadWrite);
            for (var at = begin; at < end;)
            {
                var read = file.Read(at, chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - at)));
                file.Write(at, chunk.AsSpan(0, read));
                at += read;
            }

            file.SyncData();
        }
    }

    private void CutTornTail(SegmentCatalog catalog, in LogScan scan)
    {
        var (lsn, reason) = (scan.End, scan.Stop == ScanStop.Invalid ? scan.Reason : LogTail.BytesBehindTheEnd);
        // The highest segment first: while a later one still holds bytes, this one is not yet clean either.
        foreach (var tail in LogTail.Find(disk, catalog, _geometry, scan).Reverse())
        {
            var copy = TryKeepCopy(tail);
            using (var file = disk.Open(tail.Path, DiskOpenMode.ReadWrite))
            {
                LogCut.Zero(file, tail.Offset, tail.Offset + tail.Bytes);
                file.Sync();
            }

            observer.TornTail(new WalTornTail(lsn, tail.Path, tail.Offset, tail.Bytes, reason, copy));
        }
    }
}
