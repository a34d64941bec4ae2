using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace BitArk.Storage.Wal;

/// <summary>What the bytes at a position are.</summary>
internal enum RecordVerdict
{
    /// <summary>A record that may be applied.</summary>
    Valid,

    /// <summary>A header of zeros: nothing was written here yet.</summary>
    End,

    /// <summary>Torn or damaged bytes.</summary>
    Invalid,

    /// <summary>An intact record that a newer build wrote.</summary>
    Unsupported,
}

/// <summary>
/// Encodes and checks records inside a larger buffer of the caller. The buffer must have 8 writable bytes in front of
/// every record: they hold the LSN while the checksum is taken in one pass over contiguous bytes, and are put back.
/// </summary>
internal static class RecordCodec
{
    public const int Headroom = sizeof(long);

    /// <summary>Writes a record and its closing zeros; returns the room it takes.</summary>
    public static int Write(
        Span<byte> buffer, int at, Lsn lsn, Epoch epoch, RecordType type, byte flags, ReadOnlySpan<byte> payload)
    {
        var length = RecordHeader.Size + payload.Length;
        var room = LogGeometry.Align(length);
        var record = buffer.Slice(at, room);
        new RecordHeader(length, 0, epoch, type, flags).Write(record);
        payload.CopyTo(record[RecordHeader.Size..]);
        record[length..].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record[RecordHeader.ChecksumAt..], Checksum(buffer, at, length, lsn));
        return room;
    }

    /// <summary>Checks the bytes at a position. <paramref name="available"/> must reach the end of the segment or hold the largest record.</summary>
    public static RecordVerdict Check(
        Span<byte> buffer, int at, int available, Lsn lsn, in LogGeometry geometry, Epoch lastEpoch, out RecordHeader header, out string reason)
    {
        var record = buffer.Slice(at, available);
        if (available >= RecordHeader.Size && !record[..RecordHeader.Size].ContainsAnyExcept((byte)0))
        {
            header = default;
            reason = string.Empty;
            return RecordVerdict.End;
        }

        var rest = geometry.RestOfSegment(lsn);
        if (!RecordHeader.TryRead(record, Math.Min(rest, geometry.MaxRecordBytes), out header, out reason))
            return RecordVerdict.Invalid;
        if (LogGeometry.Align(header.Length) > available)
            return Reject("the file ends inside the record", out reason);
        if (Checksum(buffer, at, header.Length, lsn) != header.Checksum)
            return Reject("the record's checksum does not match", out reason);
        if (!header.IsKnownType || !RecordHeader.HasZeroReserve(record))
        {
            reason = $"record type {(byte)header.Type} was written by a newer version of this software";
            return RecordVerdict.Unsupported;
        }

        if (header.Epoch < lastEpoch)
            return Reject($"the epoch goes back from {lastEpoch} to {header.Epoch}", out reason);
        if (HasBytesBehind(record, header.Length))
            return Reject("the zeros behind the record are not zero", out reason);
        if (header.Type == RecordType.Pad && header.Length != rest)
            return Reject("a pad does not end where its segment ends", out reason);
        return RecordVerdict.Valid;
    }

    private static uint Checksum(Span<byte> buffer, int at, int length, Lsn lsn)
    {
        ref var front = ref Unsafe.As<byte, long>(ref buffer[at - Headroom]);
        ref var stored = ref Unsafe.As<byte, uint>(ref buffer[at + RecordHeader.ChecksumAt]);
        var (savedFront, savedChecksum) = (front, stored);
        BinaryPrimitives.WriteInt64LittleEndian(buffer[(at - Headroom)..], lsn.Value);
        stored = 0;
        var checksum = Crc32.HashToUInt32(buffer.Slice(at - Headroom, Headroom + length));
        front = savedFront;
        stored = savedChecksum;
        return checksum;
    }

    private static bool HasBytesBehind(ReadOnlySpan<byte> record, int length)
    {
        for (var i = length; i < LogGeometry.Align(length); i++)
        {
            if (record[i] != 0)
                return true;
        }

        return false;
    }

    private static RecordVerdict Reject(string why, out string reason)
    {
        reason = why;
        return RecordVerdict.Invalid;
    }
}
