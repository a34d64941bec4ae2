using System.Buffers.Binary;

namespace BitArk.Storage.Wal;

/// <summary>
/// The 24 bytes in front of a record's payload.
/// <code>
///  0        4       8       16     17      18         24
///  | length | crc32 | epoch | type | flags | reserved | payload …, zeros up to a multiple of 8
///  | u32    | u32   | u64   | u8   | u8    | 6 zeros  |
/// </code>
/// Little endian. The length is header + payload, without the zeros behind. The CRC32 is taken over the record's LSN
/// (8 bytes) followed by the record with its CRC field zero, so a block written to a wrong place never passes.
/// </summary>
/// <param name="Length">Header and payload, bytes.</param>
/// <param name="Checksum">The CRC32 found or to be written.</param>
/// <param name="Epoch">The epoch of the leader that appended it.</param>
/// <param name="Type">What it carries.</param>
/// <param name="Flags">Meaning depends on the type; 0 so far.</param>
public readonly record struct RecordHeader(int Length, uint Checksum, Epoch Epoch, RecordType Type, byte Flags)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 24;

    internal const int ChecksumAt = 4;
    private const int ReservedAt = 18;

    /// <summary>Whether the type is one this build knows.</summary>
    public bool IsKnownType => Type is RecordType.Marks or RecordType.EpochStart or RecordType.Pad;

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> into)
    {
        BinaryPrimitives.WriteInt32LittleEndian(into, Length);
        BinaryPrimitives.WriteUInt32LittleEndian(into[ChecksumAt..], Checksum);
        BinaryPrimitives.WriteInt64LittleEndian(into[8..], Epoch.Value);
        // Type, flags and the six reserved zeros are one 8-byte store.
        BinaryPrimitives.WriteUInt64LittleEndian(into[16..], (ulong)Type | ((ulong)Flags << 8));
    }

    /// <summary>Reads a header whose length lies within <paramref name="maxBytes"/>; false with a reason when it cannot be one. The checksum is not checked here.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, long maxBytes, out RecordHeader header, out string reason)
    {
        header = default;
        reason = string.Empty;
        if (from.Length < Size)
        {
            reason = "fewer bytes than a record header";
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(from);
        if (length < Size || length > maxBytes)
        {
            reason = $"record length {length} is not within {Size} … {maxBytes}";
            return false;
        }

        var epoch = BinaryPrimitives.ReadInt64LittleEndian(from[8..]);
        if (epoch < 0)
        {
            reason = "the record's epoch is out of range";
            return false;
        }

        header = new RecordHeader(
            (int)length, BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]), new Epoch(epoch), (RecordType)from[16], from[17]);
        return true;
    }

    internal static bool HasZeroReserve(ReadOnlySpan<byte> from) => !from[ReservedAt..Size].ContainsAnyExcept((byte)0);
}
