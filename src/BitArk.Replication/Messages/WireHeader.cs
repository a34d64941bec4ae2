using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Replication.Messages;

/// <summary>
/// The 40 bytes in front of every replication message. Little endian, the cluster id in the order of its text.
/// <code>
///  0       4     5      6        8            24          28       32      40
///  | crc32 | ver | kind | zeros  | cluster id | partition | zeros  | epoch | body
///  | u32   | u8  | u8   | u8 x 2 | u8 x 16    | i32       | u8 x 4 | i64   |
/// </code>
/// The CRC32 is taken over all of the message behind it, except a batch's log bytes: each record of those has its own. A flipped bit of a MatchedLsn or CommitLsn would otherwise be believed. Each kind of
/// message has a version of its own: raise it when a field is added, its meaning changes, or a zero field gets one.
/// </summary>
internal readonly record struct WireHeader(MessageKind Kind, ClusterId Cluster, PartitionId Partition, Epoch Epoch)
{
    public const int Size = 40;

    private const int VersionAt = 4;
    private const int KindAt = 5;
    private const int FlagsAt = 6;
    private const int ClusterAt = 8;
    private const int PartitionAt = 24;
    private const int ReserveAt = 28;
    private const int EpochAt = 32;

    /// <summary>Writes the header; the body must stand behind it already.</summary>
    /// <param name="message">All of the message that the checksum covers.</param>
    public void Write(Span<byte> message)
    {
        message[..Size].Clear();
        message[VersionAt] = VersionOf(Kind);
        message[KindAt] = (byte)Kind;
        Cluster.Value.TryWriteBytes(message[ClusterAt..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(message[PartitionAt..], Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(message[EpochAt..], Epoch.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(message, ChecksumOf(message));
    }

    /// <summary>Reads the header; false with a reason. The checksum is not checked here: what it covers is known to the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out WireHeader header, out string reason)
    {
        header = default;
        reason = string.Empty;
        if (from.Length < Size)
            reason = "it is cut short";
        else if (VersionOf((MessageKind)from[KindAt]) is var version && from[VersionAt] != version)
            reason = $"it has version {from[VersionAt]}; this build reads {version}";
        else if (from[FlagsAt..ClusterAt].ContainsAnyExcept((byte)0) || from[ReserveAt..EpochAt].ContainsAnyExcept((byte)0))
            reason = "a reserved byte is not zero";
        else if (BinaryPrimitives.ReadInt32LittleEndian(from[PartitionAt..]) < 0)
            reason = "its partition is negative";
        else if (BinaryPrimitives.ReadInt64LittleEndian(from[EpochAt..]) < 0)
            reason = "its epoch is negative";
        if (reason.Length > 0)
            return false;
        header = new WireHeader(
            (MessageKind)from[KindAt],
            new ClusterId(new Guid(from.Slice(ClusterAt, 16), bigEndian: true)),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[PartitionAt..])),
            new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[EpochAt..])));
        return true;
    }

    // 2 of the ack: it says whether its sender is a learner, which an older leader would have counted. 2 of promises and
    // heartbeats: they carry leases. 3 of promises: whose leases, and which one was given up.
    private static byte VersionOf(MessageKind kind) => kind switch
    {
        MessageKind.Promise => 3,
        MessageKind.Ack or MessageKind.Heartbeat => 2,
        _ => 1,
    };

    /// <summary>Whether the checksum is right for these bytes of a message.</summary>
    public static bool HasRightChecksum(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt32LittleEndian(message) == ChecksumOf(message);

    private static uint ChecksumOf(ReadOnlySpan<byte> message) => Crc32.HashToUInt32(message[VersionAt..]);
}
