using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// Reads a log beside its owner: to ship it, and to apply what has been committed. From memory where the tail is still
/// there, else from the segment file, which stays open between reads. One thread at a time; each reader has one buffer,
/// large enough for the largest record it met.
/// </summary>
public sealed partial class LogReader : IDisposable
{
    /// <summary>What one read asks for at most: the largest record, and the largest batch on the wire.</summary>
    public const int MaxReadBytes = 480 * 1024;

    private readonly WriteAheadLog _log;
    private readonly LogGeometry _geometry;
    private readonly string _directory;
    private readonly IDisk _disk;
    private readonly bool _checksTail;
    private byte[] _buffer = [];
    private IDiskFile? _file;
    private long _fileIndex = -1;
    private long _fileCuts;

    internal LogReader(WriteAheadLog log, string directory, IDisk disk, bool checksTail)
    {
        _log = log;
        _geometry = log.Geometry;
        _directory = directory;
        _disk = disk;
        _checksTail = checksTail;
    }

    /// <summary>
    /// Reads whole records of one segment: as many as fit, but at least one, even if that alone is larger than
    /// <paramref name="maxBytes"/>.
    /// </summary>
    /// <param name="from">Where a record begins.</param>
    /// <param name="limit">Where a record ends; capped at what is durable. Only records that end at or below it are read.</param>
    /// <param name="maxBytes">1 … <see cref="MaxReadBytes"/>.</param>
    /// <param name="maxRecords">At least 1.</param>
    /// <exception cref="DiskException">The disk failed in a way that says nothing of the bytes, such as a lack of descriptors.</exception>
    public LogReadResult Read(Lsn from, Lsn limit, int maxBytes, int maxRecords)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxBytes, MaxReadBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        if (!_geometry.IsPosition(from))
            throw new ArgumentOutOfRangeException(nameof(from), from, "No record of this log can begin here.");

        var cuts = _log.Cuts;
        limit = Lsn.Min(limit, _log.WrittenLsn);
        if (from >= limit)
            return LogReadResult.AtEnd.Instance;
        if (from < _log.MinRetainedLsn)
            return NotRetained();
        var window = new Window(from, (int)Math.Min(_geometry.RestOfSegment(from), limit.BytesSince(from)), maxBytes, maxRecords);
        var result = TryRead(window, isFromMemory: true) ?? ReadFile(window);
        // Cut meanwhile: what was read may be gone. The next read sees the log as it is now.
        return cuts == _log.Cuts ? result : LogReadResult.AtEnd.Instance;
    }

    /// <summary>Closes the segment that is open.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        (_file, _fileIndex) = (null, -1);
    }

    private LogReadResult.NotRetained NotRetained() => new(_log.MinRetainedLsn);

    private Memory<byte> BufferOf(int bytes)
    {
        if (_buffer.Length < RecordCodec.Headroom + bytes)
            _buffer = GC.AllocateUninitializedArray<byte>(RecordCodec.Headroom + bytes);
        return _buffer.AsMemory(RecordCodec.Headroom, bytes);
    }

    /// <summary>What a read may touch.</summary>
    /// <param name="From">Where it begins.</param>
    /// <param name="Available">Bytes to the limit or the segment's end.</param>
    /// <param name="MaxBytes">Bytes asked for.</param>
    /// <param name="MaxRecords">Records asked for.</param>
    private readonly record struct Window(Lsn From, int Available, int MaxBytes, int MaxRecords)
    {
        public int Wanted => Math.Min(Available, Math.Max(MaxBytes, RecordHeader.Size));
    }
}
