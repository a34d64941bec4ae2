using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// Makes segments: a temporary file full of real zeros, synced, renamed, its directory synced. Only a file whose blocks
/// all exist reports a failed write at the sync that covers it, and a full disk shows here and not under an
/// acknowledgement. Callable from any thread, for one index at a time.
/// </summary>
public sealed class SegmentFactory
{
    private const int ChunkBytes = 1024 * 1024;
    private const int SyncEveryBytes = 4 * ChunkBytes;

    private readonly WalOptions _options;
    private readonly IDisk _disk;

    internal SegmentFactory(WalOptions options, IDisk disk)
    {
        _options = options;
        _disk = disk;
    }

    /// <summary>Creates a segment, durable under its final name when this returns. Hand it to <see cref="WriteAheadLog.OfferSpare"/>.</summary>
    /// <exception cref="DiskException">It could not be made, and no part of it remains; with <see cref="DiskException.IsDiskFull"/> it may be tried again later.</exception>
    public WalSegment Create(long segmentIndex)
    {
        var name = Path.Combine(_options.Directory, LogGeometry.SegmentName(segmentIndex));
        var temporary = name + WalFileNames.TemporarySuffix;
        try
        {
            using var file = _disk.Open(temporary, DiskOpenMode.Create);
            Fill(file, segmentIndex);
            file.Sync();
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }

        _disk.Rename(temporary, name);
        _disk.SyncDirectory(_options.Directory);
        return new WalSegment(segmentIndex, _disk.Open(name, DiskOpenMode.ReadWrite));
    }

    private void Fill(IDiskFile file, long segmentIndex)
    {
        var size = _options.Geometry.SegmentBytes;
        var chunk = new byte[(int)Math.Min(size, ChunkBytes)];
        new SegmentHeader(WalVersions.Format, WalVersions.MinCompatible, _options.Partition, _options.ClusterId, segmentIndex, size).Write(chunk);
        for (long at = 0; at < size; at += chunk.Length)
        {
            file.Write(at, chunk.AsSpan(0, (int)Math.Min(chunk.Length, size - at)));
            if (at == 0)
                chunk.AsSpan(0, SegmentHeader.Size).Clear();
            // Small steps, so that a group commit beside this never waits behind a whole segment's writeback.
            if ((at + chunk.Length) % SyncEveryBytes == 0)
                file.SyncData();
        }
    }

    private void TryDelete(string temporary)
    {
        try
        {
            _disk.Delete(temporary);
        }
        catch (DiskException)
        {
            // The first failure is the one to report; recovery removes what is left here.
        }
    }
}
