namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    /// <summary>
    /// Deletes whole segments that end at or below a position, oldest first; never the current one. Callable from any
    /// thread. The log base moves first and durably, so a segment that a power cut brings back is known to be rubbish.
    /// </summary>
    /// <returns>How many were deleted.</returns>
    public int DeleteSegmentsBelow(Lsn floor)
    {
        var keep = Math.Min(_geometry.SegmentIndex(floor), _geometry.SegmentIndex(WrittenLsn));
        List<long> doomed;
        lock (_segmentsGate)
            doomed = _segments.FindAll(index => index < keep);
        if (doomed.Count == 0)
            return 0;

        // The mark must not stay behind its own base; everything below WrittenLsn is durable.
        Mark.Update(
            before => before with
            {
                LogBase = Lsn.Max(before.LogBase, _geometry.FirstPosition(keep)),
                DurableLsn = Lsn.Max(before.DurableLsn, WrittenLsn),
            },
            bothSlots: true);
        foreach (var index in doomed)
        {
            _disk.Delete(Path.Combine(_options.Directory, LogGeometry.SegmentName(index)));
            lock (_segmentsGate)
                _segments.Remove(index);
        }

        _disk.SyncDirectory(_options.Directory);
        UpdateMinRetained();
        return doomed.Count;
    }
}
