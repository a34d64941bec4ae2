using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// In front of each block of a snapshot. Little endian.
/// <code>
///   0       4               8        16     20      24
///   | magic | payload bytes | index  | zero | crc32 | payload …
///   | u32   | u32           | u64    | u32  | u32   |
/// </code>
/// <c>index</c> counts blocks from 0, so a missing or repeated one shows; the CRC covers the 20 bytes before it and the payload.
/// </summary>
/// <param name="PayloadBytes">1 … <see cref="MaxPayloadBytes"/>.</param>
/// <param name="Index">Which block of the file.</param>
/// <param name="Crc">As stored.</param>
public readonly record struct SnapshotBlockHeader(int PayloadBytes, long Index, uint Crc)
{
    /// <summary>The bytes of a header.</summary>
    public const int Size = 24;

    /// <summary>No payload is longer.</summary>
    public const int MaxPayloadBytes = 64 << 10;

    /// <summary>The first four bytes, "BLK1".</summary>
    public const uint Magic = 0x314B_4C42;

    private const int CoveredSize = 20;

    /// <summary>Writes the header of a block with this payload.</summary>
    public static void Write(Span<byte> into, long index, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(into[8..], index);
        BinaryPrimitives.WriteUInt32LittleEndian(into[16..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(into[20..], CrcOf(into[..CoveredSize], payload));
    }

    /// <summary>Reads the header; the payload is checked by <see cref="Covers"/>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out SnapshotBlockHeader header, out string reason)
    {
        header = default;
        reason = "";
        if (from.Length < Size)
            reason = "a block's header is cut short";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic)
            reason = "there is neither a block nor the trailer";
        else if (BinaryPrimitives.ReadInt32LittleEndian(from[4..]) is < 1 or > MaxPayloadBytes)
            reason = "a block's length is out of range";
        if (reason.Length > 0)
            return false;
        header = new SnapshotBlockHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[20..]));
        return true;
    }

    /// <summary>Whether the CRC matches the header's own bytes and the payload.</summary>
    public bool Covers(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) => CrcOf(header[..CoveredSize], payload) == Crc;

    private static uint CrcOf(ReadOnlySpan<byte> covered, ReadOnlySpan<byte> payload)
    {
        var crc = new Crc32();
        crc.Append(covered);
        crc.Append(payload);
        return crc.GetCurrentHashAsUInt32();
    }
}
