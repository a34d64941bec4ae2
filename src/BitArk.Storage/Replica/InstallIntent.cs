using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Replica;

/// <summary>
/// The file <c>install.intent</c>: a received snapshot takes the place of everything in this replica, and whoever opens it
/// next completes that. Little endian; the cluster id is in the byte order of its text form.
/// <code>
///   0        8     10    12     16           32          36     40             48     60      64
///   | magic  | ver | min | zero | cluster id | partition | zero | snapshot lsn | zero | crc32 |
///   | u8 x 8 | u16 | u16 | u32  | u8 x 16    | i32       | u32  | i64          | 12   | u32   |
/// </code>
/// The CRC covers the 60 bytes before it. Raise <c>min</c> when an older build must not complete it.
/// </summary>
/// <param name="ClusterId">The cluster the replica belongs to.</param>
/// <param name="Partition">The replica's partition.</param>
/// <param name="SnapshotLsn">The snapshot, and the log's new base.</param>
internal readonly record struct InstallIntent(ClusterId ClusterId, PartitionId Partition, Lsn SnapshotLsn)
{
    public const int Size = 64;

    public const ushort Version = 1;

    private const int ChecksumAt = 60;

    private static ReadOnlySpan<byte> Magic => "BARKINST"u8;

    public void Write(Span<byte> into)
    {
        var bytes = into[..Size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], Version);
        ClusterId.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], SnapshotLsn.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumAt..], Crc32.HashToUInt32(bytes[..ChecksumAt]));
    }

    /// <summary>Whether it is intact, and only a newer build may complete it.</summary>
    public static bool IsNewer(ReadOnlySpan<byte> from) =>
        from.Length == Size
        && from.StartsWith(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) == Crc32.HashToUInt32(from[..ChecksumAt])
        && BinaryPrimitives.ReadUInt16LittleEndian(from[10..]) > Version;

    public static bool TryRead(ReadOnlySpan<byte> from, out InstallIntent intent, out string reason)
    {
        intent = default;
        reason = "";
        if (from.Length != Size)
            reason = $"it has {from.Length} bytes instead of {Size}";
        else if (!from.StartsWith(Magic))
            reason = "it does not begin as an install intent";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) != Crc32.HashToUInt32(from[..ChecksumAt]))
            reason = "its checksum is wrong";
        else if (BinaryPrimitives.ReadUInt16LittleEndian(from[10..]) is var needed and > Version)
            reason = $"it needs a build that reads version {needed}; this one reads {Version}";
        if (reason.Length > 0)
            return false;
        intent = new InstallIntent(
            new ClusterId(new Guid(from[16..32], bigEndian: true)),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[32..])),
            new Lsn(BinaryPrimitives.ReadInt64LittleEndian(from[40..])));
        return true;
    }
}
