namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Appends whole records that the leader shipped, byte for byte as they are; allocates nothing unless they are refused.
    /// Everything is checked before anything counts as appended: all of them, or none.
    /// </summary>
    /// <param name="start">Where they begin in the leader's log; must be <see cref="AppendedLsn"/>.</param>
    /// <param name="previousEpoch">The epoch of the record before them in the leader's log; must be <see cref="LastEpoch"/>.</param>
    /// <param name="bytes">Whole records of one segment.</param>
    /// <param name="end">The position after them.</param>
    /// <param name="verdict">Why they were refused, with <see cref="AppendOutcome.Refused"/>.</param>
    /// <returns><see cref="AppendOutcome.Appended"/>; <see cref="AppendOutcome.FlushFirst"/> and <see cref="AppendOutcome.NoSpace"/> as for
    /// <see cref="TryAppend"/>; <see cref="AppendOutcome.Refused"/>.</returns>
    /// <exception cref="WalFailedException">The log failed before.</exception>
    public AppendOutcome TryAppendShipped(Lsn start, Epoch previousEpoch, ReadOnlySpan<byte> bytes, out Lsn end, out ShippedVerdict verdict)
    {
        ThrowIfFailed();
        end = AppendedLsn;
        verdict = CheckPlace(start, previousEpoch, bytes.Length);
        if (verdict.Kind != ShippedVerdictKind.Fits)
            return AppendOutcome.Refused;
        if (_batchBytes > 0 && (_batchBytes + bytes.Length > _options.MaxBatchBytes || IsBatchInEarlierSegment(start)))
            return AppendOutcome.FlushFirst;
        if (_batchBytes == 0 && !EnterSegment(_geometry.SegmentIndex(start)))
            return AppendOutcome.NoSpace;

        // They are checked where they will stand: behind the batch, which does not count them yet.
        bytes.CopyTo(_batch.AsSpan(RecordCodec.Headroom + _batchBytes));
        verdict = CheckRecords(_batch, RecordCodec.Headroom + _batchBytes, bytes.Length, start, LastEpoch);
        if (verdict.Kind != ShippedVerdictKind.Fits)
            return AppendOutcome.Refused;
        Accept(start, bytes.Length);
        end = AppendedLsn;
        return AppendOutcome.Appended;
    }

    /// <summary>
    /// Whether these are whole records of one segment with checksums right for their place, hence what somebody wrote there and not
    /// what the way made of it. For shipped bytes that <see cref="Compare"/> found to differ: rare, and it allocates a copy.
    /// </summary>
    /// <param name="start">Where they begin.</param>
    /// <param name="bytes">The whole batch: a part of it may end inside a record.</param>
    public bool AreSound(Lsn start, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _geometry.RestOfSegment(start))
            return false;
        var copy = new byte[RecordCodec.Headroom + bytes.Length];
        bytes.CopyTo(copy.AsSpan(RecordCodec.Headroom));
        return CheckRecords(copy, RecordCodec.Headroom, bytes.Length, start, Epoch.None).Kind != ShippedVerdictKind.Damaged;
    }

    private ShippedVerdict CheckPlace(Lsn start, Epoch previousEpoch, int length)
    {
        if (start != AppendedLsn)
            return new ShippedVerdict(ShippedVerdictKind.NotAtTheEnd, AppendedLsn, $"the log ends at {AppendedLsn}, the bytes begin at {start}");
        if (previousEpoch != LastEpoch)
            return new ShippedVerdict(ShippedVerdictKind.OtherHistory, AppendedLsn, $"the record before is of {LastEpoch} here and of {previousEpoch} there");
        if (length > _geometry.RestOfSegment(start))
            return new ShippedVerdict(ShippedVerdictKind.Damaged, start, "they reach beyond the end of the segment");
        return length > 0 && length <= _batch.Length - RecordCodec.Headroom
            ? ShippedVerdict.Fits
            : new ShippedVerdict(ShippedVerdictKind.Damaged, start, $"{length} bytes are no batch");
    }

    private ShippedVerdict CheckRecords(Span<byte> buffer, int from, int length, Lsn start, Epoch epoch)
    {
        for (var at = 0; at < length;)
        {
            var lsn = start.Plus(at);
            var verdict = RecordCodec.Check(buffer, from + at, length - at, lsn, _geometry, epoch, out var header, out var reason);
            if (verdict == RecordVerdict.End)
                reason = "zeros where a record should begin";
            if (verdict != RecordVerdict.Valid)
                return new ShippedVerdict(verdict == RecordVerdict.Unsupported ? ShippedVerdictKind.Unsupported : ShippedVerdictKind.Damaged, lsn, reason);
            at += LogGeometry.Align(header.Length);
            epoch = header.Epoch;
        }

        return ShippedVerdict.Fits;
    }

    private void Accept(Lsn start, int length)
    {
        for (var at = 0; at < length;)
        {
            RecordHeader.TryRead(_batch.AsSpan(RecordCodec.Headroom + _batchBytes + at), _geometry.MaxRecordBytes, out var header, out _);
            Epochs.Saw(header.Epoch, start.Plus(at));
            LastEpoch = header.Epoch;
            at += LogGeometry.Align(header.Length);
        }

        _batchBytes += length;
        Volatile.Write(ref _appended, _geometry.Normalise(start.Plus(length)).Value);
    }
}
