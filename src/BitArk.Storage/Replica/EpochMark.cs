using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Replica;

/// <summary>
/// One slot of <c>epoch.mark</c>: the highest epoch that this replica has promised or led. Little endian.
/// <code>
///   0        8     10             16             32          36      40       48             60      64
///   | magic  | ver | zero         | cluster id   | partition | zero  | epoch  | zero         | crc32 |
///   | u8 x 8 | u16 | u8 x 6       | u8 x 16      | i32       | u32   | i64    | u8 x 12      | u32   |
/// </code>
/// The CRC covers the 60 bytes before it. Raise <c>ver</c> when a zero field gets a meaning.
/// </summary>
/// <param name="ClusterId">The cluster the replica belongs to.</param>
/// <param name="Partition">The replica's partition.</param>
/// <param name="Highest">The highest epoch promised or led; 0 before the first.</param>
public readonly record struct EpochMark(ClusterId ClusterId, PartitionId Partition, Epoch Highest)
{
    /// <summary>The bytes of a slot.</summary>
    public const int Size = 64;

    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "BARKEPOC"u8;

    /// <summary>Writes the slot.</summary>
    public void Write(Span<byte> into)
    {
        var bytes = into[..Size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        ClusterId.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], Highest.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[60..], Crc32.HashToUInt32(bytes[..60]));
    }

    /// <summary>Reads a slot; false with a reason when a byte of it is not what it must be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out EpochMark mark, out string reason)
    {
        mark = default;
        reason = "";
        if (from.Length < Size)
            reason = "it is cut short";
        else if (!from[..8].SequenceEqual(Magic))
            reason = "it does not begin as an epoch mark";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(from[60..]) != Crc32.HashToUInt32(from[..60]))
            reason = "its checksum is wrong";
        else if (BinaryPrimitives.ReadUInt16LittleEndian(from[8..]) is var version and not Version)
            reason = $"it has version {version}; this build reads {Version}";
        else if (BinaryPrimitives.ReadInt64LittleEndian(from[40..]) < 0)
            reason = "its epoch is negative";
        if (reason.Length > 0)
            return false;
        mark = new EpochMark(
            new ClusterId(new Guid(from[16..32], bigEndian: true)),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[32..])),
            new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[40..])));
        return true;
    }
}
