using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Failover;

/// <summary>
/// The bytes of every <see cref="FailoverMessage"/>. Little endian, ids in the order of their text; a node is its name's length and
/// ASCII, length 0 where there is none.
/// <code>
///  0       4     5      6        8            24
///  | crc32 | ver | kind | zeros  | cluster id | body
///  | u32   | u8  | u8   | u8 x 2 | u8 x 16    |
///
///  ch, 1: | proposer | sequence | node |
///         | u8 x 16  | i64      |      |
///  nr, 2: | sequence | leaving | node | rows |, then each row: | partition | standing | serving | promised |
///         | i64      | 0 or 1  |      | i32  |                 | i32       | u8       | 0 or 1  | i64      |
///  to, 3: | partition | node |
///         | i32       |      |
///  ta, 4: | result | epoch | unavailable, us | leader |
///         | u8     | i64   | i64             |        |
/// </code>
/// The CRC32 is taken over everything behind it. Rows are in the order of their partitions, each once. Raise the version when a field
/// is added or its meaning changes.
/// </summary>
internal static partial class FailoverMessageCodec
{
    private const byte Version = 1;
    private const int HeaderSize = 24;

    /// <summary>All manifests there are, in the order of the kinds from 1 on. They never change and never mean another message.</summary>
    public static IReadOnlyList<string> Manifests { get; } = ["ch", "nr", "to", "ta"];

    public static string ManifestOf(FailoverMessage message) => Manifests[KindOf(message) - 1];

    public static int SizeOf(FailoverMessage message) => HeaderSize + BodySizeOf(message);

    public static void Write(FailoverMessage message, Span<byte> into)
    {
        var bytes = into[..SizeOf(message)];
        bytes[..HeaderSize].Clear();
        (bytes[4], bytes[5]) = (Version, KindOf(message));
        message.Cluster.Value.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        var body = new WireWriter(bytes[HeaderSize..]);
        WriteBody(message, ref body);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32.HashToUInt32(bytes[4..]));
    }

    /// <summary>Reads a message; false with a reason when a byte of it is not what it must be. Never throws.</summary>
    public static bool TryRead(string manifest, ReadOnlySpan<byte> from, [NotNullWhen(true)] out FailoverMessage? message, out string reason)
    {
        message = null;
        reason = HeaderProblem(manifest, from);
        if (reason.Length > 0)
            return false;

        var body = new FieldReader(from[HeaderSize..]);
        var read = ReadBody(from[5], new ClusterId(new Guid(from.Slice(8, 16), bigEndian: true)), ref body);
        body.RequireEnd();
        reason = body.Problem;
        message = reason.Length == 0 ? read : null;
        return message is not null;
    }

    private static string HeaderProblem(string manifest, ReadOnlySpan<byte> from)
    {
        if (from.Length < HeaderSize)
            return "it is cut short";
        if (from[4] != Version)
            return $"it has version {from[4]}; this build reads {Version}";
        if (from[5] == 0 || from[5] > Manifests.Count || Manifests[from[5] - 1] != manifest)
            return $"it has kind {from[5]}";
        if (BinaryPrimitives.ReadUInt32LittleEndian(from) != Crc32.HashToUInt32(from[4..]))
            return "its checksum is wrong";
        return from[6] != 0 || from[7] != 0 ? "a reserved byte is not zero" : "";
    }
}
