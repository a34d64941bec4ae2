using System.Buffers.Binary;
using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Membership;

/// <summary>
/// The bytes of a <see cref="NodeHello"/>. Little endian.
/// <code>
///   0     1      5          13            29         33           37            41              49       53          61
///   | ver | uid  | sequence | incarnation | expected | partitions | replication | segment bytes | window | max bytes | name | authority | version | meta |
///   | u8  | i32  | i64      | u8 x 16     | i32      | i32        | i32         | i64           | i32    | i64       |
///   name, authority, version: | bytes u8 | UTF-8 |       meta: | bytes u32 | as in cluster.meta; 0 bytes: none |
/// </code>
/// </summary>
internal static class NodeHelloCodec
{
    public const string Manifest = "hello";

    private const byte Version = 1;
    private const int FixedSize = 61;

    public static int SizeOf(NodeHello hello) =>
        FixedSize + WireText.SizeOf(hello.Name.Name) + WireText.SizeOf(hello.GrpcAuthority) + WireText.SizeOf(hello.Version) + sizeof(uint) + (hello.Meta?.Size ?? 0);

    public static void Write(NodeHello hello, Span<byte> into)
    {
        into[0] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(into[1..], hello.Uid);
        BinaryPrimitives.WriteInt64LittleEndian(into[5..], hello.Sequence);
        hello.Incarnation.TryWriteBytes(into[13..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(into[29..], hello.ExpectedNodes);
        BinaryPrimitives.WriteInt32LittleEndian(into[33..], hello.Terms.Partitions);
        BinaryPrimitives.WriteInt32LittleEndian(into[37..], hello.Terms.ReplicationFactor);
        BinaryPrimitives.WriteInt64LittleEndian(into[41..], hello.Terms.SegmentBytes);
        BinaryPrimitives.WriteInt32LittleEndian(into[49..], hello.Terms.SessionWindow);
        BinaryPrimitives.WriteInt64LittleEndian(into[53..], hello.Terms.SessionMaxBytes);
        var rest = WireText.Write(hello.Version, WireText.Write(hello.GrpcAuthority, WireText.Write(hello.Name.Name, into[FixedSize..])));
        BinaryPrimitives.WriteInt32LittleEndian(rest, hello.Meta?.Size ?? 0);
        hello.Meta?.Write(rest[sizeof(uint)..]);
    }

    /// <summary>Reads a hello; null with a reason when a byte of it is not what it must be. Never throws.</summary>
    public static NodeHello? TryRead(ReadOnlySpan<byte> from, out string reason)
    {
        if (from.Length < FixedSize || from[0] != Version)
            return Fail(out reason, from.Length == 0 ? "it is empty" : $"it has {from.Length} bytes and version {from[0]}");

        var rest = from[FixedSize..];
        if (!WireText.TryRead(ref rest, out var name) || !WireText.TryRead(ref rest, out var authority) || !WireText.TryRead(ref rest, out var version))
            return Fail(out reason, "a text in it is longer than the message");

        if (!NodeNames.IsValid(name))
            return Fail(out reason, "its name is not a node's");

        if (rest.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(rest) != (uint)(rest.Length - sizeof(uint)))
            return Fail(out reason, "its lengths contradict each other");

        ClusterMeta? meta = null;
        if (rest.Length > sizeof(uint) && !ClusterMeta.TryRead(rest[sizeof(uint)..], out meta, out var metaReason))
            return Fail(out reason, "the layout in it is damaged: " + metaReason);

        reason = "";
        return new NodeHello(
            new NodeId(name),
            BinaryPrimitives.ReadInt32LittleEndian(from[1..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[5..]),
            new Guid(from[13..29], bigEndian: true),
            authority,
            version,
            BinaryPrimitives.ReadInt32LittleEndian(from[29..]),
            new LayoutTerms(
                BinaryPrimitives.ReadInt32LittleEndian(from[33..]),
                BinaryPrimitives.ReadInt32LittleEndian(from[37..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[41..]),
                BinaryPrimitives.ReadInt32LittleEndian(from[49..]),
                BinaryPrimitives.ReadInt64LittleEndian(from[53..])),
            meta);
    }

    private static NodeHello? Fail(out string reason, string text)
    {
        reason = text;
        return null;
    }
}
