using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Cuts the log: afterwards it ends at <paramref name="lsn"/>, whatever crash comes in between. What was appended and
    /// not flushed is dropped too.
    /// </summary>
    /// <param name="lsn">The end of a record, from <see cref="MinRetainedLsn"/> to <see cref="WrittenLsn"/>.</param>
    /// <param name="lastEpoch">The epoch of the record that ends there, never above <see cref="LastEpoch"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No record ends there. Nothing was changed.</exception>
    /// <exception cref="WalCorruptException">The segment is damaged in front of the cut. Nothing was changed.</exception>
    /// <exception cref="DiskException">Final: the log is failed, and the next start finishes the cut.</exception>
    public void CutTo(Lsn lsn, Epoch lastEpoch)
    {
        ThrowIfFailed();
        if (!_geometry.IsPosition(lsn) || lsn < MinRetainedLsn || lsn > WrittenLsn)
            throw new ArgumentOutOfRangeException(nameof(lsn), lsn, $"The log can be cut from {MinRetainedLsn} to {WrittenLsn}.");
        RequireEndOfRecord(lsn);
        try
        {
            Cut(lsn);
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }

        LastEpoch = lastEpoch;
    }

    // The position may have come over a wire; half a record in front of the cut would be damage from then on.
    private void RequireEndOfRecord(Lsn lsn)
    {
        using var reader = OpenReader();
        var at = Lsn.Max(MinRetainedLsn, _geometry.FirstPosition(_geometry.SegmentIndex(lsn)));
        while (at < lsn)
        {
            at = reader.Read(at, lsn, LogReader.MaxReadBytes, int.MaxValue) switch
            {
                LogReadResult.Range range => range.End,
                LogReadResult.Damaged bad => throw new WalCorruptException(bad.FilePath, _geometry.SegmentOffset(bad.Lsn), bad.Lsn, bad.Reason),
                _ => throw new ArgumentOutOfRangeException(nameof(lsn), lsn, "No record of this log ends there."),
            };
        }
    }

    private void Cut(Lsn lsn)
    {
        // First of all, so that a mark written by another thread meanwhile no longer claims what is being cut.
        Volatile.Write(ref _written, lsn.Value);
        Volatile.Write(ref _appended, lsn.Value);
        Interlocked.Increment(ref _cuts);
        _tail?.CutTo(lsn);
        Epochs.CutTo(lsn);
        (_batchStart, _batchBytes) = (lsn, 0);
        CloseSegments();

        Mark.Update(before => before with
        {
            DurableLsn = Lsn.Min(before.DurableLsn, lsn),
            CommitLsn = Lsn.Min(before.CommitLsn, lsn),
            CutIntent = lsn,
        });
        var last = _geometry.SegmentIndex(lsn);
        lock (_segmentsGate)
        {
            LogCut.Execute(_disk, _options.Directory, _geometry, _segments, lsn);
            _segments.RemoveAll(index => index > last);
        }

        // In both slots: a slot that rots must not bring the intent back once new records stand behind the cut.
        Mark.Update(before => before with { CutIntent = null }, bothSlots: true);
        OpenSegments();
    }

    private void OpenSegments()
    {
        var index = _geometry.SegmentIndex(AppendedLsn);
        lock (_segmentsGate)
        {
            if (_segments.Contains(index))
                _current = OpenSegment(index);
            if (_segments.Contains(index + 1))
                _next = OpenSegment(index + 1);
        }
    }

    private WalSegment OpenSegment(long index) =>
        new(index, _disk.Open(Path.Combine(_options.Directory, LogGeometry.SegmentName(index)), DiskOpenMode.ReadWrite));

    private void CloseSegments()
    {
        _current?.Dispose();
        _next?.Dispose();
        (_current, _next) = (null, null);
    }
}
