using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// How much of a snapshot from another replica is durable here. Little endian; the cluster id is in the byte order of its text form.
/// <code>
///   0        8     10       16           32          36     40    48      56        64       72     76      80
///   | magic  | ver | zero   | cluster id | partition | zero | lsn | bytes | durable | source | zero | crc32 |
///   | u8 x 8 | u16 | u8 x 6 | u8 x 16    | i32       | u32  | i64 | i64   | i64     | u64    | u32  | u32   |
/// </code>
/// <c>bytes</c> is the length of the whole file, <c>durable</c> that of the part of it, from its beginning, that is here;
/// <c>source</c> the XxHash64 of the sending node's name: two nodes' snapshots of one position are different files. The
/// CRC covers the 76 bytes before it. A file that cannot be read only costs a beginning anew.
/// </summary>
internal readonly record struct ReceiveProgress(ClusterId ClusterId, PartitionId Partition, Lsn Lsn, long Bytes, long Durable, ulong Source)
{
    public const int Size = 80;

    private const ushort Version = 1;
    private const int ChecksumAt = 76;

    private static ReadOnlySpan<byte> Magic => "BARKRECV"u8;

    public void Write(Span<byte> into)
    {
        var bytes = into[..Size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        ClusterId.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], Lsn.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], Durable);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[64..], Source);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumAt..], Crc32.HashToUInt32(bytes[..ChecksumAt]));
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out ReceiveProgress progress)
    {
        progress = default;
        if (from.Length != Size
            || !from.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt16LittleEndian(from[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) != Crc32.HashToUInt32(from[..ChecksumAt]))
            return false;
        progress = new ReceiveProgress(
            new ClusterId(new Guid(from[16..32], bigEndian: true)),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[32..])),
            new Lsn(BinaryPrimitives.ReadInt64LittleEndian(from[40..])),
            BinaryPrimitives.ReadInt64LittleEndian(from[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[56..]),
            BinaryPrimitives.ReadUInt64LittleEndian(from[64..]));
        return progress.Durable >= 0 && progress.Durable <= progress.Bytes;
    }
}
