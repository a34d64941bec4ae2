using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace BitArk.Storage.Replica;

/// <summary>
/// The file <c>outdated</c> of a leader's replica: the followers that lag too far, for whom the log is no longer kept.
/// Written whole before anything is deleted because of it, so that a restart does not hope for what is gone. Little endian.
/// <code>
///   0        8     10      12           28          32                              end - 4
///   | magic  | ver | count | cluster id | partition | count times: length, name … | crc32 |
///   | u8 x 8 | u16 | u16   | u8 x 16    | i32       | u8, UTF-8                    | u32   |
/// </code>
/// The CRC covers everything before it. Raise <c>ver</c> when a field is added.
/// </summary>
internal static class OutdatedRecord
{
    private const int HeaderSize = 32;
    private const ushort Version = 1;

    private static ReadOnlySpan<byte> Magic => "BARKLATE"u8;

    /// <summary>The bytes of the file.</summary>
    public static byte[] Write(ClusterId cluster, PartitionId partition, IReadOnlyList<NodeId> nodes)
    {
        var names = nodes.Order().Select(node => Encoding.UTF8.GetBytes(node.Name)).ToList();
        var bytes = new byte[HeaderSize + names.Sum(name => 1 + name.Length) + sizeof(uint)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), (ushort)names.Count);
        cluster.Value.TryWriteBytes(bytes.AsSpan(12), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), partition.Value);
        var at = HeaderSize;
        foreach (var name in names)
        {
            bytes[at] = (byte)name.Length;
            name.CopyTo(bytes.AsSpan(at + 1));
            at += 1 + name.Length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), Crc32.HashToUInt32(bytes.AsSpan(0, at)));
        return bytes;
    }

    /// <summary>
    /// The followers in the file; null when a byte of it is not what it must be. Then nobody counts as outdated: the log is kept
    /// for all of them until the lag shows again, which costs disk and loses nothing.
    /// </summary>
    public static IReadOnlyList<NodeId>? TryRead(ReadOnlySpan<byte> bytes, ClusterId cluster, PartitionId partition)
    {
        if (bytes.Length < HeaderSize + sizeof(uint)
            || !bytes.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != Crc32.HashToUInt32(bytes[..^4])
            || BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) != Version
            || new ClusterId(new Guid(bytes[12..28], bigEndian: true)) != cluster
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[28..]) != partition.Value)
        {
            return null;
        }

        var nodes = new List<NodeId>();
        var rest = bytes[HeaderSize..^4];
        for (var left = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]); left > 0; left--)
        {
            if (rest.IsEmpty || rest.Length < 1 + rest[0])
                return null;
            nodes.Add(new NodeId(Encoding.UTF8.GetString(rest.Slice(1, rest[0]))));
            rest = rest[(1 + rest[0])..];
        }

        return rest.IsEmpty ? nodes : null;
    }
}
