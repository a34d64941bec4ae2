using System.Buffers.Binary;
using System.IO.Hashing;
using BitArk.Storage.Wal;

namespace BitArk.Chaos.ClusterHistories;

/// <summary>Reads records out of segment files' bytes, by docs/wal-format.md.</summary>
internal static class SegmentLog
{
    /// <summary>Bytes of a segment's header.</summary>
    public const int HeaderBytes = 64;

    /// <summary>All records from a position on, up to the first bytes that are none.</summary>
    /// <param name="segments">Whole segments by index.</param>
    /// <param name="segmentBytes">The size of each.</param>
    /// <param name="from">Where a record begins.</param>
    /// <exception cref="InvalidDataException">A record holds what no version known here writes.</exception>
    public static List<LogRecord> Read(IReadOnlyDictionary<long, byte[]> segments, int segmentBytes, Lsn from)
    {
        var records = new List<LogRecord>();
        Lsn at = Normal(from, segmentBytes);
        while (segments.TryGetValue(at.SegmentIndex(segmentBytes), out byte[]? segment) && TryRead(segment, at, segmentBytes) is { } record)
        {
            records.Add(record);
            at = record.End;
        }

        return records;
    }

    private static LogRecord? TryRead(byte[] segment, Lsn at, int segmentBytes)
    {
        int offset = (int)at.SegmentOffset(segmentBytes);
        ReadOnlySpan<byte> rest = segment.AsSpan(offset);
        if (!RecordHeader.TryRead(rest, rest.Length, out RecordHeader header, out _) || Checksum(rest[..header.Length], at) != header.Checksum)
            return null;
        Lsn end = Normal(at.Plus((header.Length + 7) & ~7), segmentBytes);
        var record = new LogRecord(at, end, header.Epoch, header.Type, header.Checksum);
        ReadOnlySpan<byte> payload = rest[RecordHeader.Size..header.Length];
        return header.Type switch
        {
            RecordType.Marks => WithMarks(record, payload),
            RecordType.EpochStart => record with { Leader = EpochStartPayload.TryRead(payload, out string reason)?.Leader ?? throw new InvalidDataException($"{record}: {reason}") },
            _ => record,
        };
    }

    private static LogRecord WithMarks(LogRecord record, ReadOnlySpan<byte> payload)
    {
        MarkOperation[] operations = [];
        if (!MarksPayload.TryRead(payload, ref operations, out MarksHeader header, out string reason))
            throw new InvalidDataException($"{record.Type} at {record.Start}: {reason}");
        return record with { Session = header.Session.Value, Sequence = header.Sequence, Operations = operations[..header.Count] };
    }

    // A rest too small for a header belongs to nobody: the position is the first one of the next segment.
    private static Lsn Normal(Lsn at, int segmentBytes)
    {
        long offset = at.SegmentOffset(segmentBytes);
        if (offset < HeaderBytes)
            return at.Plus(HeaderBytes - offset);
        return segmentBytes - offset < RecordHeader.Size ? at.Plus(segmentBytes - offset + HeaderBytes) : at;
    }

    private static uint Checksum(ReadOnlySpan<byte> record, Lsn at)
    {
        byte[] covered = new byte[sizeof(long) + record.Length];
        BinaryPrimitives.WriteInt64LittleEndian(covered, at.Value);
        record.CopyTo(covered.AsSpan(sizeof(long)));
        covered.AsSpan(sizeof(long) + 4, 4).Clear();
        return Crc32.HashToUInt32(covered);
    }
}
