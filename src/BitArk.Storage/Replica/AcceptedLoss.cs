using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;

namespace BitArk.Storage.Replica;

/// <summary>
/// The file <c>accepted.loss</c>: an operator has said that the other copies of this replica are lost, and that this one is the
/// truth. Its being there is an intent, too: whoever opens the replica raises its promise to <see cref="Epoch"/> and gives it its vote,
/// if that was interrupted. It goes when enough of the others vote again. Little endian; the cluster id is in the byte order of its text form.
/// <code>
///   0        8     10    12      14     16           32          36     40      48                              end - 4
///   | magic  | ver | min | count | zero | cluster id | partition | zero | epoch | count times: length, name … | crc32 |
///   | u8 x 8 | u16 | u16 | u16   | u16  | u8 x 16    | i32       | u32  | i64   | u8, UTF-8                   | u32   |
/// </code>
/// The CRC covers everything before it. Raise <c>ver</c> when a field is added; raise <c>min</c> when an older build must not go on with it.
/// </summary>
/// <param name="Cluster">The cluster the replica belongs to.</param>
/// <param name="Partition">The replica's partition.</param>
/// <param name="Epoch">Above every epoch that the lost copies can have led; this replica leads only above it.</param>
/// <param name="Admitted">The replicas that were given a stream since, and may have come to vote.</param>
public sealed record AcceptedLoss(ClusterId Cluster, PartitionId Partition, Epoch Epoch, IReadOnlyList<NodeId> Admitted)
{
    /// <summary>
    /// How far the new epochs are above all that is known here. What the lost copies led since cannot be known; that it were a million
    /// terms can be excluded, so no epoch is ever used for two histories.
    /// </summary>
    public const long EpochJump = 1 << 20;

    private const int Jumps = 1 << 20;

    /// <summary>
    /// An epoch for a copy that becomes the truth: so many jumps above what it knows, by chance, that no other copy gets the same, now or in a
    /// later disaster.
    /// </summary>
    public static Epoch EpochAbove(Epoch highest) => new(checked(highest.Value + (EpochJump * RandomNumberGenerator.GetInt32(1, Jumps))));

    /// <summary>No file is longer.</summary>
    internal const int MaxSize = HeaderSize + (MaxNames * (1 + byte.MaxValue)) + sizeof(uint);

    /// <summary>The format this build writes.</summary>
    internal const ushort Version = 1;

    private const int HeaderSize = 48;
    private const int MaxNames = 1000;

    private static ReadOnlySpan<byte> Magic => "BARKLOSS"u8;

    /// <summary>The bytes of the file.</summary>
    internal byte[] Write()
    {
        var names = Admitted.Order().Select(node => Encoding.UTF8.GetBytes(node.Name)).ToList();
        var bytes = new byte[HeaderSize + names.Sum(name => 1 + name.Length) + sizeof(uint)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(10), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(12), (ushort)names.Count);
        Cluster.Value.TryWriteBytes(bytes.AsSpan(16), bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), Epoch.Value);
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

    /// <summary>Reads the whole of it; false with a reason when a byte of it is not what it must be.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out AcceptedLoss? loss, out string reason)
    {
        loss = null;
        reason = "";
        if (bytes.Length is < HeaderSize + sizeof(uint) or > MaxSize)
            reason = $"it is {bytes.Length} bytes long";
        else if (!bytes.StartsWith(Magic))
            reason = "it does not begin as an accepted loss";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != Crc32.HashToUInt32(bytes[..^4]))
            reason = "its checksum is wrong";
        else if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]) is var needed and > Version)
            reason = $"it needs a build that reads version {needed}; this one reads {Version}";
        else if (BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]) is var epoch and <= 0)
            reason = $"its epoch is {epoch}";
        if (reason.Length > 0)
            return false;
        if (!TryReadNames(bytes[HeaderSize..^4], BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]), out var admitted))
        {
            reason = "its names contradict its length";
            return false;
        }

        loss = new AcceptedLoss(
            new ClusterId(new Guid(bytes[16..32], bigEndian: true)),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(bytes[32..])),
            new Epoch(BinaryPrimitives.ReadInt64LittleEndian(bytes[40..])),
            admitted);
        return true;
    }

    /// <summary>Whether it is intact, and only a newer build may go on with it.</summary>
    internal static bool IsNewer(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderSize + sizeof(uint)
        && bytes.StartsWith(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) == Crc32.HashToUInt32(bytes[..^4])
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]) > Version;

    private static bool TryReadNames(ReadOnlySpan<byte> rest, int count, out List<NodeId> names)
    {
        names = [];
        for (; count > 0; count--)
        {
            if (rest.IsEmpty || rest.Length < 1 + rest[0])
                return false;
            names.Add(new NodeId(Encoding.UTF8.GetString(rest.Slice(1, rest[0]))));
            rest = rest[(1 + rest[0])..];
        }

        return rest.IsEmpty;
    }
}
