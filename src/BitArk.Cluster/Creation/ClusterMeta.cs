using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace BitArk.Cluster.Creation;

/// <summary>
/// What a node has durably agreed to: the content of <c>cluster.meta</c>, and of what it tells the others about it. Little
/// endian; the identity is in the byte order of its text form.
/// <code>
///   0        8     10    12      16           32           36            40              48       52      53     56          64      66
///   | magic  | ver | min | bytes | cluster id | partitions | replication | segment bytes | window | stage | zero | max bytes | nodes | name … | crc32 |
///   | u8 x 8 | u16 | u16 | u32   | u8 x 16    | i32        | i32         | i64           | i32    | u8    | u24  | i64       | u16   |        | u32   |
///   name: | bytes u8 | ASCII |, in ordinal order
/// </code>
/// <c>bytes</c> is the length of the whole; the CRC covers everything before it. Raise <c>ver</c> when a field is added in
/// front of the CRC; raise <c>min</c> when an older build must not read it any more.
/// </summary>
/// <param name="Layout">The layout.</param>
/// <param name="Stage">How far the agreement is.</param>
public sealed record ClusterMeta(ClusterLayout Layout, LayoutStage Stage)
{
    /// <summary>The format this build writes.</summary>
    public const ushort Version = 1;

    /// <summary>No file is longer.</summary>
    public const int MaxSize = FixedSize + (MaxNodes * (1 + MaxNameBytes)) + sizeof(uint);

    private const int FixedSize = 66;
    private const int MaxNodes = 1000;
    private const int MaxNameBytes = 64;

    private static ReadOnlySpan<byte> Magic => "BARKCLUS"u8;

    /// <summary>Whether partitions may be started from it.</summary>
    public bool IsBinding => Stage is not LayoutStage.Proposed;

    /// <summary>The length of its bytes.</summary>
    public int Size => FixedSize + Layout.Nodes.Sum(node => 1 + node.Name.Length) + sizeof(uint);

    /// <summary>Writes it and returns its length.</summary>
    public int Write(Span<byte> into)
    {
        var bytes = into[..Size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], bytes.Length);
        Layout.ClusterId.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        var terms = Layout.Terms;
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], terms.Partitions);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], terms.ReplicationFactor);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], terms.SegmentBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[48..], terms.SessionWindow);
        bytes[52] = (byte)Stage;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], terms.SessionMaxBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[64..], (ushort)Layout.Nodes.Count);
        var at = FixedSize;
        foreach (var node in Layout.Nodes)
        {
            bytes[at] = (byte)node.Name.Length;
            at += 1 + Encoding.ASCII.GetBytes(node.Name, bytes[(at + 1)..]);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32.HashToUInt32(bytes[..^4]));
        return bytes.Length;
    }

    /// <summary>Reads the whole of it; false with a reason when a byte of it is not what it must be. Never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ClusterMeta? meta, out string reason)
    {
        meta = null;
        if (bytes.Length is < FixedSize + sizeof(uint) or > MaxSize)
            return Fail(out reason, $"it is {bytes.Length} bytes long");
        if (!bytes[..8].SequenceEqual(Magic))
            return Fail(out reason, "it does not begin as a layout");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) != Crc32.HashToUInt32(bytes[..^4]))
            return Fail(out reason, "its checksum is wrong");
        if (BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]) is var needed and > Version)
            return Fail(out reason, $"it needs a build that reads version {needed}; this one reads {Version}");
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) != bytes.Length)
            return Fail(out reason, "its lengths contradict each other");
        var stage = (LayoutStage)bytes[52];
        if (stage is not (LayoutStage.Proposed or LayoutStage.Created or LayoutStage.Joined))
            return Fail(out reason, $"its stage is {bytes[52]}");
        var terms = new LayoutTerms(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[36..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]));
        if (!TryReadNames(bytes[FixedSize..^4], BinaryPrimitives.ReadUInt16LittleEndian(bytes[64..]), out var names))
            return Fail(out reason, "its node names are not 1 to 64 allowed characters each, in order, each once");
        if (terms.Partitions < 1 || terms.ReplicationFactor < 1 || terms.ReplicationFactor > names.Count)
            return Fail(out reason, $"{terms.Partitions} partitions of {terms.ReplicationFactor} replicas do not fit {names.Count} nodes");
        meta = new ClusterMeta(new ClusterLayout(new ClusterId(new Guid(bytes[16..32], bigEndian: true)), terms, names), stage);
        reason = "";
        return true;
    }

    /// <summary>Which version it needs that only a newer build reads; null when this one reads it, or it is damaged.</summary>
    public static int? NewerVersion(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= FixedSize
        && bytes[..8].SequenceEqual(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) == Crc32.HashToUInt32(bytes[..^4])
        && BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]) is var needed and > Version ? needed : null;

    private static bool TryReadNames(ReadOnlySpan<byte> bytes, int count, out List<NodeId> names)
    {
        names = new List<NodeId>(Math.Min(count, MaxNodes));
        while (bytes.Length > 0 && names.Count < count)
        {
            var length = bytes[0];
            if (length > bytes.Length - 1)
                return false;

            var name = new NodeId(Encoding.ASCII.GetString(bytes.Slice(1, length)));
            if (!NodeNames.IsValid(name.Name) || (names.Count > 0 && name <= names[^1]))
                return false;

            names.Add(name);
            bytes = bytes[(1 + length)..];
        }

        return bytes.Length == 0 && names.Count == count && count is > 0 and <= MaxNodes;
    }

    private static bool Fail(out string reason, string text)
    {
        reason = text;
        return false;
    }
}

/// <summary>How far a node's agreement to a layout is. The numbers are in files and never change.</summary>
public enum LayoutStage : byte
{
    /// <summary>Durable here, but perhaps not yet on all nodes: it may still be given up for another one. Counts as empty.</summary>
    Proposed = 1,

    /// <summary>Durable on all nodes: binding for ever.</summary>
    Created = 2,

    /// <summary>Binding, and this node came to it with an empty directory after it had been created: what it may have held before is lost.</summary>
    Joined = 3,
}
