using System.Buffers.Binary;
using System.IO.Hashing;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

/// <summary>Writes checksums by the written format alone, without the code that is under test.</summary>
internal static class RecordsCheck
{
    private const int ChecksumAt = 4;

    /// <summary>Makes every checksum right, whatever the bytes say: what a reader does that does not check.</summary>
    public static bool TryMakeSound(Lsn start, Span<byte> bytes, LogGeometry geometry)
    {
        for (var at = 0; at < bytes.Length;)
        {
            if (!RecordHeader.TryRead(bytes[at..], geometry.MaxRecordBytes, out var header, out _) || LogGeometry.Align(header.Length) > bytes.Length - at)
                return false;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(at + ChecksumAt)..], Checksum(start.Plus(at), bytes.Slice(at, header.Length)));
            at += LogGeometry.Align(header.Length);
        }

        return true;
    }

    private static uint Checksum(Lsn lsn, ReadOnlySpan<byte> record)
    {
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, lsn.Value);
        var crc = new Crc32();
        crc.Append(number);
        crc.Append(record[..ChecksumAt]);
        crc.Append([0, 0, 0, 0]);
        crc.Append(record[(ChecksumAt + 4)..]);
        return crc.GetCurrentHashAsUInt32();
    }
}
