using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// The last bytes of a snapshot file; without them it is no snapshot. Little endian.
/// <code>
///   0       4      8              16            24         28      32
///   | magic | zero | block count  | file bytes  | file crc | crc32 |
///   | u32   | u32  | u64          | i64         | u32      | u32   |
/// </code>
/// <c>file bytes</c> is the length of the whole file; <c>file crc</c> covers everything before the trailer, <c>crc32</c> the 28 bytes before it.
/// </summary>
/// <param name="Blocks">How many blocks the file has.</param>
/// <param name="FileBytes">The length of the file, this trailer included.</param>
/// <param name="FileCrc">CRC32 of everything before the trailer.</param>
public readonly record struct SnapshotTrailer(long Blocks, long FileBytes, uint FileCrc)
{
    /// <summary>The bytes of a trailer.</summary>
    public const int Size = 32;

    /// <summary>The first four bytes, "END1".</summary>
    public const uint Magic = 0x3144_4E45;

    /// <summary>Writes the trailer.</summary>
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(into, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(into[4..], 0);
        BinaryPrimitives.WriteInt64LittleEndian(into[8..], Blocks);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], FileBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(into[24..], FileCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(into[28..], Crc32.HashToUInt32(into[..28]));
    }

    /// <summary>Reads a trailer; false with a reason when a byte of it is not what it must be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out SnapshotTrailer trailer, out string reason)
    {
        trailer = default;
        reason = "";
        if (from.Length < Size)
            reason = "the trailer is cut short";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic)
            reason = "there is no trailer";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(from[28..]) != Crc32.HashToUInt32(from[..28]))
            reason = "the trailer's checksum is wrong";
        if (reason.Length > 0)
            return false;
        trailer = new SnapshotTrailer(
            BinaryPrimitives.ReadInt64LittleEndian(from[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(from[24..]));
        return true;
    }
}
