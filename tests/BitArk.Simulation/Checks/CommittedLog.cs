using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Checks;

/// <summary>
/// The log that has been committed, as the world above the replicas knows it: what was called committed anywhere once
/// stays, byte for byte, and every replica's log must agree with it. Kept from the first record on, whatever is collected.
/// </summary>
internal sealed class CommittedLog(LogGeometry geometry)
{
    private readonly List<(Epoch By, Lsn End)> _ends = [];
    private byte[] _bytes = new byte[1 << 18];

    /// <summary>End of what is committed.</summary>
    public Lsn End { get; private set; } = geometry.Origin;

    /// <summary>The bytes between two positions of one segment.</summary>
    public ReadOnlySpan<byte> Between(Lsn from, Lsn to) => _bytes.AsSpan((int)from.Value, (int)to.BytesSince(from));

    /// <summary>The pieces of a range that hold records: one for each segment. The end of one is never the beginning of another.</summary>
    public IEnumerable<(Lsn From, Lsn To)> Pieces(Lsn from, Lsn to)
    {
        while (from < to)
        {
            var endOfSegment = new Lsn((geometry.SegmentIndex(from) + 1) * geometry.SegmentBytes);
            yield return (from, Lsn.Min(to, endOfSegment));
            from = Lsn.Max(geometry.FirstPosition(geometry.SegmentIndex(from) + 1), from);
            if (from >= to)
                yield break;
        }
    }

    /// <summary>Takes what comes behind the end.</summary>
    public void Append(Lsn from, ReadOnlySpan<byte> bytes)
    {
        var end = (int)from.Value + bytes.Length;
        if (_bytes.Length < end)
            Array.Resize(ref _bytes, Math.Max(end, 2 * _bytes.Length));
        bytes.CopyTo(_bytes.AsSpan((int)from.Value));
    }

    /// <summary>Moves the end, by the commit of a leader; none where a follower was the first to be seen.</summary>
    public void MoveEnd(Lsn to, Epoch by)
    {
        End = Lsn.Max(End, to);
        _ends.Add((by, End));
    }

    /// <summary>What leaders below an epoch have committed: all that the leader of that epoch must have.</summary>
    public Lsn EndBelow(Epoch epoch) => _ends.Where(end => end.By < epoch).Select(end => end.End).DefaultIfEmpty(geometry.Origin).Max();

    /// <summary>A state that has applied exactly what is committed up to a position.</summary>
    public PartitionState Replay(PartitionStateOptions options, Lsn upTo)
    {
        var state = new PartitionState(options);
        foreach (var (from, to) in Pieces(geometry.Origin, upTo))
        {
            // A rest too small for a header is no record.
            var records = Between(from, to);
            if (geometry.SegmentBytes - geometry.SegmentOffset(from) == records.Length)
                records = records[..LengthOfRecords(records)];
            state.ApplyShipped(records, from);
        }

        return state;
    }

    private static int LengthOfRecords(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (bytes.Length - at >= RecordHeader.Size && RecordHeader.TryRead(bytes[at..], bytes.Length - at, out var header, out _))
            at += LogGeometry.Align(header.Length);
        return at;
    }
}
