using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Wal;

/// <summary>
/// The first 64 bytes of a segment file: whose it is and which. Node-local; everything behind it is byte-identical on
/// every replica.
/// <code>
///  0        8         10        12          16           32              40              48         60     64
///  | magic  | format  | min     | partition | cluster id | segment index | segment bytes | reserved | crc32 |
///  | 8      | u16     | u16     | i32       | 16, as hex | i64           | i64           | 12 zeros | u32   |
/// </code>
/// Little endian; the cluster id is big endian so that a hex dump reads like its text. The CRC32 covers bytes 0 … 59.
/// </summary>
/// <param name="FormatVersion">The version that wrote it.</param>
/// <param name="MinCompatibleVersion">The oldest version that may read it.</param>
/// <param name="Partition">The partition it belongs to.</param>
/// <param name="Cluster">The cluster it belongs to.</param>
/// <param name="SegmentIndex">Which segment of the log.</param>
/// <param name="SegmentBytes">The size of every segment of the log.</param>
public readonly record struct SegmentHeader(
    ushort FormatVersion, ushort MinCompatibleVersion, PartitionId Partition, ClusterId Cluster, long SegmentIndex, long SegmentBytes)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 64;

    private const int ChecksumAt = 60;
    private const int ReservedAt = 48;

    private static ReadOnlySpan<byte> Magic => "BITARKWL"u8;

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> into)
    {
        into = into[..Size];
        into.Clear();
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[8..], FormatVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(into[10..], MinCompatibleVersion);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], Partition.Value);
        Cluster.Value.TryWriteBytes(into[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], SegmentIndex);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], SegmentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(into[ChecksumAt..], Crc32.HashToUInt32(into[..ChecksumAt]));
    }

    /// <summary>Reads a header; false with a reason when the bytes are not one. A too new version is read, and is the caller's to refuse.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out SegmentHeader header, out string reason)
    {
        header = default;
        if (from.Length < Size)
            return Refuse($"the file has {from.Length} bytes, fewer than a segment header", out reason);
        from = from[..Size];
        if (!from.StartsWith(Magic))
            return Refuse("this is not a log segment (wrong magic number)", out reason);
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) != Crc32.HashToUInt32(from[..ChecksumAt]))
            return Refuse("the segment header's checksum does not match", out reason);

        header = new SegmentHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(from[8..]),
            BinaryPrimitives.ReadUInt16LittleEndian(from[10..]),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[12..])),
            new ClusterId(new Guid(from.Slice(16, 16), bigEndian: true)),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[40..]));
        reason = string.Empty;
        if (header.MinCompatibleVersion > WalVersions.Format)
            return true;
        if (from[ReservedAt..ChecksumAt].ContainsAnyExcept((byte)0))
            return Refuse("reserved bytes of the segment header are not zero", out reason);
        return header.SegmentIndex >= 0 && LogGeometry.IsValid(header.SegmentBytes)
            || Refuse("the segment header's index or size is out of range", out reason);
    }

    private static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
