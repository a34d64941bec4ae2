using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

/// <summary>
/// The log of one replica: appends to a batch in memory, makes a batch durable with one write and one fdatasync, rolls
/// over segments of fixed size, deletes old ones and recovers after a crash. Owned by one thread; members say so when
/// they may be called from others. Positions are never confused:
/// <code>
/// LogBase &lt;= MinRetainedLsn &lt;= durable mark &lt;= WrittenLsn &lt;= AppendedLsn
/// </code>
/// </summary>
public sealed partial class WriteAheadLog : IDisposable
{
    private readonly WalOptions _options;
    private readonly LogGeometry _geometry;
    private readonly IDisk _disk;
    private readonly Lock _segmentsGate = new();
    private readonly List<long> _segments;
    private readonly byte[] _batch;
    private readonly LogTailRing? _tail;
    private WalSegment? _current;
    private WalSegment? _next;
    private Lsn _batchStart;
    private int _batchBytes;
    private long _written;
    private long _appended;
    private long _minRetained;
    private long _cuts;
    private Exception? _failure;

    private WriteAheadLog(WalOptions options, IDisk disk, WalRecovery.Outcome found, LogEpochs epochs)
    {
        _options = options;
        _geometry = options.Geometry;
        _disk = disk;
        _segments = [.. found.Segments];
        // Room for the largest batch or record, a pad behind it, and the checksum's headroom in front.
        var bytes = RecordCodec.Headroom + Math.Max(options.MaxBatchBytes, _geometry.MaxRecordBytes) + _geometry.MaxRecordBytes;
        _batch = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        _tail = options.TailBytes > 0 ? new LogTailRing(options.TailBytes, found.End) : null;
        Mark = found.Mark;
        Epochs = epochs;
        Segments = new SegmentFactory(options, disk);
        LastEpoch = found.LastEpoch;
        _batchStart = found.End;
        _written = _appended = found.End.Value;
        UpdateMinRetained();
    }

    /// <summary>Where records may begin, and how large they may be.</summary>
    public LogGeometry Geometry => _geometry;

    /// <summary>End of what is durable in this log. Readable from any thread.</summary>
    public Lsn WrittenLsn => new(Volatile.Read(ref _written));

    /// <summary>End of what has been appended; the part above <see cref="WrittenLsn"/> is not durable. Readable from any thread.</summary>
    public Lsn AppendedLsn => new(Volatile.Read(ref _appended));

    /// <summary>Nothing below it is part of this log. Readable from any thread.</summary>
    public Lsn LogBase => Mark.State.LogBase;

    /// <summary>The oldest position still in this log's files. Readable from any thread.</summary>
    public Lsn MinRetainedLsn => new(Volatile.Read(ref _minRetained));

    /// <summary>Which epoch wrote which part of it, up to <see cref="AppendedLsn"/>. Readable from any thread.</summary>
    public LogEpochs Epochs { get; }

    /// <summary>The epoch of the last record appended.</summary>
    public Epoch LastEpoch { get; private set; }

    /// <summary>Bytes appended and not flushed yet.</summary>
    public int PendingBytes => _batchBytes;

    /// <summary>Whether a write or sync failed: nothing is taken any more.</summary>
    public bool IsFailed => _failure is not null;

    /// <summary>Makes segments; callable from any thread.</summary>
    public SegmentFactory Segments { get; }

    /// <summary>The durable mark; callable from any thread. Prefer <see cref="WriteMark"/>.</summary>
    public DurableMarkFile Mark { get; }

    /// <summary>
    /// Writes the durable mark with the current <see cref="WrittenLsn"/>; no I/O when nothing moved. Callable from any
    /// thread; meant for a background one, every 100 ms while the log grows and once after it became idle.
    /// </summary>
    /// <param name="commitLsn">What the commit rule calls safe; capped at what is durable, and never lowered.</param>
    public void WriteMark(Lsn commitLsn) => Mark.Update(before =>
    {
        // Read under the mark's lock: a cut lowers WrittenLsn before it takes that lock.
        var written = WrittenLsn;
        return before with { DurableLsn = written, CommitLsn = Lsn.Min(Lsn.Max(before.CommitLsn, commitLsn), written) };
    });

    /// <summary>Opens a reader of what is durable; callable from any thread. Dispose it before the log's files go.</summary>
    /// <param name="checksTail">Check the checksums of what comes from memory, too; what comes from files is always checked.</param>
    public LogReader OpenReader(bool checksTail = false) => new(this, _options.Directory, _disk, checksTail);

    /// <summary>Closes the files. What was appended and not flushed is gone.</summary>
    public void Dispose()
    {
        _current?.Dispose();
        _next?.Dispose();
        Mark.Dispose();
    }

    // How often the log was cut: a reader's open file may be one that is no longer part of the log. Any thread.
    internal long Cuts => Volatile.Read(ref _cuts);

    // Bytes of the tail in memory; 0 when they are not there. Any thread.
    internal int TryCopyTail(Lsn from, Span<byte> into) => _tail?.TryCopy(from, into) ?? 0;

    private void ThrowIfFailed()
    {
        if (_failure is not null)
            throw new WalFailedException(_failure);
    }

    private void UpdateMinRetained()
    {
        lock (_segmentsGate)
        {
            var oldest = _segments.Count > 0 ? _geometry.FirstPosition(_segments[0]) : WrittenLsn;
            Volatile.Write(ref _minRetained, Lsn.Max(LogBase, oldest).Value);
        }
    }
}
