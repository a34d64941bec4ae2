using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Replica;

/// <summary>
/// One slot of <c>epoch.mark</c>: the highest epoch that this replica has promised or led. Little endian; the two
/// identities are in the byte order of their text form.
/// <code>
///   0        8     10         16             32          36     40      48             60      64
///   | magic  | ver | zero     | cluster id   | partition | zero | epoch | zero         | crc32 |                version 1
///   | u8 x 8 | u16 | u8 x 6   | u8 x 16      | i32       | u32  | i64   | u8 x 12      | u32   |
///
///                                                                       48         64        76      80
///   | … as above, ver = 2 …                                             | proposer | zero    | crc32 |            version 2
///                                                                       | u8 x 16  | u8 x 12 | u32   |
/// </code>
/// The CRC covers the bytes before it. Version 1 is written while there is no proposer, so a lone replica's file is what
/// older builds know; to those a slot of version 2 is unreadable. Raise <c>ver</c> when a zero field gets a meaning.
/// </summary>
/// <param name="ClusterId">The cluster the replica belongs to.</param>
/// <param name="Partition">The replica's partition.</param>
/// <param name="Highest">The highest epoch promised or led; 0 before the first.</param>
/// <param name="Proposer">To whom it was promised; empty in version 1.</param>
public readonly record struct EpochMark(ClusterId ClusterId, PartitionId Partition, Epoch Highest, Guid Proposer = default)
{
    /// <summary>The most bytes of a slot.</summary>
    public const int MaxSize = 80;

    /// <summary>The bytes of a slot of version 1.</summary>
    public const int LoneSize = 64;

    /// <summary>The newest format this build reads.</summary>
    public const ushort NewestVersion = WithProposer;

    private const ushort Lone = 1;
    private const ushort WithProposer = 2;

    private static ReadOnlySpan<byte> Magic => "BARKEPOC"u8;

    /// <summary>The bytes of this slot.</summary>
    public int Size => SizeOf(Version);

    private ushort Version => Proposer == Guid.Empty ? Lone : WithProposer;

    /// <summary>Writes the slot; returns its bytes.</summary>
    public int Write(Span<byte> into)
    {
        var bytes = into[..Size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        ClusterId.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], Highest.Value);
        if (Version == WithProposer)
            Proposer.TryWriteBytes(bytes[48..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32.HashToUInt32(bytes[..^4]));
        return bytes.Length;
    }

    /// <summary>Reads a slot; false with a reason when a byte of it is not what it must be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out EpochMark mark, out string reason)
    {
        mark = default;
        reason = "";
        if (from.Length < LoneSize)
            return Refuse("it is cut short", out reason);
        if (!from[..8].SequenceEqual(Magic))
            return Refuse("it does not begin as an epoch mark", out reason);
        var version = BinaryPrimitives.ReadUInt16LittleEndian(from[8..]);
        if (version is not (Lone or WithProposer))
            return Refuse($"it has version {version}; this build reads up to {WithProposer}", out reason);
        if (from.Length < SizeOf(version))
            return Refuse("it is cut short", out reason);
        from = from[..SizeOf(version)];
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[^4..]) != Crc32.HashToUInt32(from[..^4]))
            return Refuse("its checksum is wrong", out reason);
        if (BinaryPrimitives.ReadInt64LittleEndian(from[40..]) < 0)
            return Refuse("its epoch is negative", out reason);
        mark = new EpochMark(
            new ClusterId(new Guid(from[16..32], bigEndian: true)),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[32..])),
            new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[40..])),
            version == WithProposer ? new Guid(from[48..64], bigEndian: true) : Guid.Empty);
        return true;
    }

    /// <summary>Which version a slot of a newer build has; null when it is no such slot. Its size, so its checksum, is not known here.</summary>
    internal static int? NewerVersion(ReadOnlySpan<byte> from) =>
        from.Length >= LoneSize && from[..8].SequenceEqual(Magic) && BinaryPrimitives.ReadUInt16LittleEndian(from[8..]) is var version and > NewestVersion ? version : null;

    private static int SizeOf(ushort version) => version == Lone ? LoneSize : MaxSize;

    private static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
