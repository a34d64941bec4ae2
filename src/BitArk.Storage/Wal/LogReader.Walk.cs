namespace BitArk.Storage.Wal;

// Which of the bytes read are whole records.
public sealed partial class LogReader
{
    // Needed: the first record is larger than what was read, and this is its size.
    private LogReadResult Walk(in Window window, int filled, bool isFromMemory, out int needed)
    {
        var buffer = _buffer.AsSpan(0, RecordCodec.Headroom + filled);
        var previous = _log.Epochs.Before(window.From);
        var (at, records, epoch) = (0, 0, previous);
        needed = 0;
        while (records < window.MaxRecords && filled - at >= RecordHeader.Size)
        {
            var lsn = window.From.Plus(at);
            var most = Math.Min(_geometry.RestOfSegment(lsn), _geometry.MaxRecordBytes);
            var isRecord = RecordHeader.TryRead(buffer[(RecordCodec.Headroom + at)..], most, out var header, out var reason);
            var room = LogGeometry.Align(header.Length);
            if (isRecord && room > filled - at)
            {
                // One that claims to reach beyond the limit is looked at whole, too: its length may be what has rotted.
                if (records == 0 && (room <= window.Available || !isFromMemory))
                    needed = room;
                break;
            }

            if (isRecord && (!isFromMemory || _checksTail))
                isRecord = RecordCodec.Check(buffer, RecordCodec.Headroom + at, filled - at, lsn, _geometry, epoch, out header, out reason) == RecordVerdict.Valid;
            if (!isRecord)
            {
                // What stands in front of it is sound and goes first; the next read comes to it.
                if (records == 0)
                    return Damaged(lsn, reason);
                break;
            }

            if (at + room > window.Available)
                break;
            (at, records, epoch) = (at + room, records + 1, header.Epoch);
        }

        if (records == 0)
            return LogReadResult.AtEnd.Instance;
        var end = _geometry.Normalise(window.From.Plus(at));
        return new LogReadResult.Range(window.From, end, previous, epoch, records, _buffer.AsMemory(RecordCodec.Headroom, at), isFromMemory);
    }
}
