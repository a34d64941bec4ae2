using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// Reads a log forward through one big buffer and hands its valid records to a visitor. Never changes a file, so that
/// recovery and the verifier read with the same eyes.
/// </summary>
internal sealed class LogScanner
{
    private const int MaxBufferBytes = 2 * 1024 * 1024;

    private readonly IDisk _disk;
    private readonly SegmentCatalog _catalog;
    private readonly LogGeometry _geometry;
    private readonly byte[] _buffer;
    private IDiskFile? _file;
    private int _at;
    private int _filled;
    private long _nextOffset;

    public LogScanner(IDisk disk, SegmentCatalog catalog, LogGeometry geometry)
    {
        _disk = disk;
        _catalog = catalog;
        _geometry = geometry;
        var bytes = (int)Math.Min(geometry.SegmentBytes, MaxBufferBytes);
        _buffer = GC.AllocateUninitializedArray<byte>(RecordCodec.Headroom + bytes);
    }

    /// <summary>Bytes from a position to the end of what has been read, for progress.</summary>
    public Action<Lsn>? OnBuffer { get; init; }

    public LogScan Scan(Lsn from, Epoch lastEpoch, IWalRecordVisitor visitor)
    {
        var (lsn, epoch, records) = (from, lastEpoch, 0L);
        while (_catalog.Contains(_geometry.SegmentIndex(lsn)))
        {
            using var file = _disk.Open(_catalog.PathOf(_geometry.SegmentIndex(lsn)), DiskOpenMode.Read);
            Attach(file, _geometry.SegmentOffset(lsn));
            var segment = ScanSegment(ref lsn, ref epoch, ref records, visitor, out var stopLsn, out var reason);
            if (segment is { } stop)
                return new LogScan(stop, _geometry.Normalise(lsn), stopLsn, epoch, records, reason);
            lsn = _geometry.Normalise(lsn);
        }

        return new LogScan(ScanStop.End, lsn, lsn, epoch, records, string.Empty);
    }

    /// <summary>Whether a valid record stands at a position, whatever came before it.</summary>
    public bool HasValidRecord(Lsn lsn)
    {
        using var file = _disk.Open(_catalog.PathOf(_geometry.SegmentIndex(lsn)), DiskOpenMode.Read);
        Attach(file, _geometry.SegmentOffset(lsn));
        Refill();
        return RecordCodec.Check(_buffer, _at, _filled - _at, lsn, _geometry, Epoch.None, out _, out _) is RecordVerdict.Valid or RecordVerdict.Unsupported;
    }

    // Null: the segment's records reach its end, and lsn is there.
    private ScanStop? ScanSegment(
        ref Lsn lsn, ref Epoch epoch, ref long records, IWalRecordVisitor visitor, out Lsn stopLsn, out string reason)
    {
        var rest = _geometry.RestOfSegment(lsn);
        while (rest >= RecordHeader.Size)
        {
            if (_filled - _at < Math.Min(rest, _geometry.MaxRecordBytes))
            {
                Refill();
                OnBuffer?.Invoke(lsn);
            }

            var verdict = RecordCodec.Check(_buffer, _at, _filled - _at, lsn, _geometry, epoch, out var header, out reason);
            if (verdict != RecordVerdict.Valid)
            {
                stopLsn = lsn;
                return verdict switch
                {
                    RecordVerdict.End => ScanStop.End,
                    RecordVerdict.Unsupported => ScanStop.Unsupported,
                    _ => ScanStop.Invalid,
                };
            }

            var room = LogGeometry.Align(header.Length);
            var payload = _buffer.AsSpan(_at + RecordHeader.Size, header.Length - RecordHeader.Size);
            var end = lsn.Plus(room);
            visitor.Visit(new WalRecord(lsn, _geometry.Normalise(end), header, payload));
            _at += room;
            (lsn, epoch, records, rest) = (end, header.Epoch, records + 1, rest - room);
        }

        return CheckSmallRest(lsn, (int)rest, out stopLsn, out reason);
    }

    private ScanStop? CheckSmallRest(Lsn lsn, int rest, out Lsn stopLsn, out string reason)
    {
        stopLsn = lsn;
        reason = string.Empty;
        if (rest == 0)
            return null;
        if (_filled - _at < rest)
            Refill();
        if (_filled - _at >= rest && !_buffer.AsSpan(_at, rest).ContainsAnyExcept((byte)0))
            return null;
        reason = "the rest of the segment, too small for a record, is not zero";
        return ScanStop.Invalid;
    }

    private void Attach(IDiskFile file, long offset)
    {
        _file = file;
        _nextOffset = offset;
        _at = _filled = RecordCodec.Headroom;
    }

    private void Refill()
    {
        var kept = _filled - _at;
        _buffer.AsSpan(_at, kept).CopyTo(_buffer.AsSpan(RecordCodec.Headroom));
        _at = RecordCodec.Headroom;
        _filled = _at + kept;
        var read = _file!.Read(_nextOffset, _buffer.AsSpan(_filled));
        _filled += read;
        _nextOffset += read;
    }
}
