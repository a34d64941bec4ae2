using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace BitArk.Storage.Replica;

/// <summary>
/// The marker of a data directory: that data exists, whose it is, and what was fixed at creation. Little endian;
/// the two identities are in the byte order of their text form.
/// <code>
///   0        8      10     12        16             32             48          52           56            64       68    72           80         82
///   | magic  | ver  | min  | bytes   | cluster id   | incarnation  | partitions| replication| segment bytes| window | zero| max bytes  | name len | name … | crc32 |
///   | u8 x 8 | u16  | u16  | u32     | u8 x 16      | u8 x 16      | i32       | i32        | i64          | i32    | u32 | i64        | u16      | UTF-8  | u32   |
/// </code>
/// <c>bytes</c> is the length of the whole file; the CRC covers everything before it. Raise <c>ver</c> when a field is
/// added in front of the CRC; raise <c>min</c> when an older build must not open the directory any more.
/// </summary>
/// <param name="ClusterId">Identity of the cluster.</param>
/// <param name="Incarnation">Random, made with the directory: a node that lost its disk comes back as somebody else.</param>
/// <param name="Settings">What was fixed at creation.</param>
public sealed record NodeMeta(ClusterId ClusterId, Guid Incarnation, CreationSettings Settings)
{
    /// <summary>The format this build writes.</summary>
    public const ushort Version = 1;

    /// <summary>No marker is longer.</summary>
    public const int MaxSize = FixedSize + MaxNameBytes + sizeof(uint);

    /// <summary>The longest node name in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 255;

    private const int FixedSize = 82;

    private static ReadOnlySpan<byte> Magic => "BARKNODE"u8;

    /// <summary>The length of this marker's bytes.</summary>
    public int Size => FixedSize + Encoding.UTF8.GetByteCount(Settings.NodeName) + sizeof(uint);

    /// <summary>Writes the marker and returns its length.</summary>
    public int Write(Span<byte> into)
    {
        var size = Size;
        var bytes = into[..size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], size);
        ClusterId.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        Incarnation.TryWriteBytes(bytes[32..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[48..], Settings.Partitions);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[52..], Settings.ReplicationFactor);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], Settings.SegmentBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[64..], Settings.SessionWindow);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[72..], Settings.SessionMaxBytes);
        var name = Encoding.UTF8.GetBytes(Settings.NodeName, bytes[FixedSize..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[80..], (ushort)name);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32.HashToUInt32(bytes[..^4]));
        return size;
    }

    /// <summary>Reads a whole marker file; false with a reason when a byte of it is not what it must be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out NodeMeta? meta, out string reason)
    {
        meta = null;
        if (file.Length is < FixedSize + sizeof(uint) or > MaxSize)
            return Fail(out reason, $"it is {file.Length} bytes long");
        if (!file[..8].SequenceEqual(Magic))
            return Fail(out reason, "it does not begin as a marker");
        if (BinaryPrimitives.ReadUInt32LittleEndian(file[^4..]) != Crc32.HashToUInt32(file[..^4]))
            return Fail(out reason, "its checksum is wrong");
        if (BinaryPrimitives.ReadUInt16LittleEndian(file[10..]) is var needed and > Version)
            return Fail(out reason, $"it needs a build that reads version {needed}; this one reads {Version}");
        var name = BinaryPrimitives.ReadUInt16LittleEndian(file[80..]);
        if (BinaryPrimitives.ReadInt32LittleEndian(file[12..]) != file.Length || FixedSize + name + sizeof(uint) != file.Length)
            return Fail(out reason, "its lengths contradict each other");
        meta = new NodeMeta(
            new ClusterId(new Guid(file[16..32], bigEndian: true)),
            new Guid(file[32..48], bigEndian: true),
            new CreationSettings(
                Encoding.UTF8.GetString(file.Slice(FixedSize, name)),
                BinaryPrimitives.ReadInt32LittleEndian(file[48..]),
                BinaryPrimitives.ReadInt32LittleEndian(file[52..]),
                BinaryPrimitives.ReadInt64LittleEndian(file[56..]),
                BinaryPrimitives.ReadInt32LittleEndian(file[64..]),
                BinaryPrimitives.ReadInt64LittleEndian(file[72..])));
        reason = "";
        return true;
    }

    /// <summary>Which version a whole marker needs that only a newer build reads; null when this one reads it, or it is damaged.</summary>
    internal static int? NewerVersion(ReadOnlySpan<byte> file) =>
        file.Length >= FixedSize
        && file[..8].SequenceEqual(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(file[^4..]) == Crc32.HashToUInt32(file[..^4])
        && BinaryPrimitives.ReadUInt16LittleEndian(file[10..]) is var needed and > Version ? needed : null;

    private static bool Fail(out string reason, string text)
    {
        reason = text;
        return false;
    }
}
