namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Makes the batch durable: one write, one fdatasync. <see cref="WrittenLsn"/> moves only after both succeeded; any
    /// failure closes the log for good, because the kernel may have dropped the data while reads still show it.
    /// </summary>
    /// <exception cref="Disk.DiskException">The write or sync failed; what was in the batch may or may not survive.</exception>
    /// <exception cref="WalFailedException">The log failed before.</exception>
    public void Flush()
    {
        ThrowIfFailed();
        if (_batchBytes == 0)
            return;
        try
        {
            var file = _current!.File;
            file.Write(_geometry.SegmentOffset(_batchStart), _batch.AsSpan(RecordCodec.Headroom, _batchBytes));
            file.SyncData();
        }
        catch (Exception failure)
        {
            _failure = failure;
            throw;
        }

        // Durable on this replica's disk from here on.
        var appended = AppendedLsn;
        _tail?.Publish(_batchStart, _batch.AsSpan(RecordCodec.Headroom, _batchBytes), appended);
        Volatile.Write(ref _written, appended.Value);
        _batchStart = appended;
        _batchBytes = 0;
        EnterSegment(_geometry.SegmentIndex(appended));
    }
}
