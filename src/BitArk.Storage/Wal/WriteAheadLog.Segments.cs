namespace BitArk.Storage.Wal;

public sealed partial class WriteAheadLog
{
    /// <summary>Whether the segment after the current one does not exist yet; make <see cref="SpareIndex"/> in the background and offer it.</summary>
    public bool NeedsSpare => _next is null;

    /// <summary>The index of the segment to make next.</summary>
    public long SpareIndex => _current is { } current ? current.Index + 1 : _geometry.SegmentIndex(AppendedLsn);

    /// <summary>
    /// Takes a segment that <see cref="SegmentFactory.Create"/> made. False when the log does not need it (it was cut
    /// meanwhile): its file is deleted then.
    /// </summary>
    public bool OfferSpare(WalSegment spare)
    {
        ArgumentNullException.ThrowIfNull(spare);
        if (spare.Index != SpareIndex || _next is not null)
        {
            Refuse(spare);
            return false;
        }

        lock (_segmentsGate)
            _segments.Add(spare.Index);
        if (_current is null)
            _current = spare;
        else
            _next = spare;
        return true;
    }

    // False: the segment does not exist yet.
    private bool EnterSegment(long index)
    {
        if (_current?.Index == index)
            return true;
        if (_next?.Index != index)
            return false;
        _current?.Dispose();
        _current = _next;
        _next = null;
        return true;
    }

    private void Refuse(WalSegment spare)
    {
        spare.Dispose();
        bool isOurs;
        lock (_segmentsGate)
            isOurs = _segments.Contains(spare.Index);
        if (isOurs)
            return;
        _disk.Delete(spare.File.Path);
        _disk.SyncDirectory(_options.Directory);
    }
}
