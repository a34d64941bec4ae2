namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Appends one record to the batch; allocates nothing. On <see cref="AppendOutcome.FlushFirst"/> flush and call again;
    /// a pad that fills the rest of the segment is already in the batch then.
    /// </summary>
    /// <param name="epoch">The appending leader's epoch, at least <see cref="LastEpoch"/>.</param>
    /// <param name="type">Marks or EpochStart.</param>
    /// <param name="flags">Depends on the type; 0 so far.</param>
    /// <param name="payload">The record's content.</param>
    /// <param name="start">Where the record begins.</param>
    /// <param name="end">The position after it.</param>
    /// <exception cref="WalFailedException">The log failed before.</exception>
    public AppendOutcome TryAppend(Epoch epoch, RecordType type, byte flags, ReadOnlySpan<byte> payload, out Lsn start, out Lsn end)
    {
        ThrowIfFailed();
        if (epoch < LastEpoch)
            throw new ArgumentOutOfRangeException(nameof(epoch), epoch, $"The log has reached {LastEpoch}; epochs never go back.");
        if (type is not (RecordType.Marks or RecordType.EpochStart))
            throw new ArgumentOutOfRangeException(nameof(type), type, "Only marks and epoch starts are appended; the log makes its own pads.");

        start = end = AppendedLsn;
        if (payload.Length > _geometry.MaxPayloadBytes)
            return AppendOutcome.TooLarge;
        var room = LogGeometry.Align(RecordHeader.Size + payload.Length);
        if (_batchBytes > 0 && (_batchBytes + room > _options.MaxBatchBytes || IsBatchInEarlierSegment(start)))
            return AppendOutcome.FlushFirst;
        if (_batchBytes == 0 && !EnterSegment(_geometry.SegmentIndex(start)))
            return AppendOutcome.NoSpace;
        if (room > _geometry.RestOfSegment(start))
            return TryPad(epoch);

        Encode(epoch, type, flags, payload);
        end = AppendedLsn;
        return AppendOutcome.Appended;
    }

    // A batch never spans segments: one write and one sync make it durable.
    private bool IsBatchInEarlierSegment(Lsn next) => _geometry.SegmentIndex(next) != _geometry.SegmentIndex(_batchStart);

    private AppendOutcome TryPad(Epoch epoch)
    {
        // Without the next segment the rest stays open, for smaller records and for when there is room again.
        if (_next is null)
            return AppendOutcome.NoSpace;
        var zeros = (int)_geometry.RestOfSegment(AppendedLsn) - RecordHeader.Size;
        // The pad's payload is encoded from the zeros already standing where it will stand.
        var payload = _batch.AsSpan(RecordCodec.Headroom + _batchBytes + RecordHeader.Size, zeros);
        payload.Clear();
        Encode(epoch, RecordType.Pad, 0, payload);
        return AppendOutcome.FlushFirst;
    }

    private void Encode(Epoch epoch, RecordType type, byte flags, ReadOnlySpan<byte> payload)
    {
        var lsn = AppendedLsn;
        var room = RecordCodec.Write(_batch, RecordCodec.Headroom + _batchBytes, lsn, epoch, type, flags, payload);
        Epochs.Saw(epoch, lsn);
        _batchBytes += room;
        LastEpoch = epoch;
        Volatile.Write(ref _appended, _geometry.Normalise(lsn.Plus(room)).Value);
    }
}
