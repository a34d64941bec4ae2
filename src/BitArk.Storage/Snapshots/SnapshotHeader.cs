using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// The first bytes of a snapshot file. Little endian; the cluster id is in the byte order of its text form.
/// <code>
///   0        8     10    12       16           32          36            40      48          56          64
///   | magic  | ver | min | bytes  | cluster id | partition | epoch bytes | lsn   | last epoch | read sets |
///   | u8 x 8 | u16 | u16 | u32    | u8 x 16    | i32       | i32         | i64   | i64        | i64       |
///
///   64        72             76              80                 84       88      92    96             104                 112   120            124     128
///   | sessions | config bytes | table geometry | session geometry | zero   | window | zero | segment bytes | session max bytes | zero | preamble crc | crc32 |
///   | i64      | i32          | i32            | i32              | u32    | i32    | u32  | i64           | i64               | u64  | u32          | u32   |
/// </code>
/// Behind it the preamble: epoch table, configuration, table geometry, session geometry, in this order, with the lengths
/// given here and the CRC given here. <c>crc32</c> covers the 124 bytes before it. Raise <c>ver</c> when a zero field
/// gets a meaning that old readers may ignore, <c>min</c> when they must not.
/// </summary>
public readonly record struct SnapshotHeader
{
    /// <summary>The bytes of a header.</summary>
    public const int Size = 128;

    /// <summary>The format this build writes.</summary>
    public const ushort CurrentVersion = 1;

    /// <summary>No part of the preamble is longer: what a reader may allocate on the word of a header.</summary>
    public const int MaxPartBytes = 256 << 20;

    private static ReadOnlySpan<byte> Magic => "BARKSNAP"u8;

    /// <summary>The cluster the state belongs to.</summary>
    public required ClusterId ClusterId { get; init; }

    /// <summary>The partition.</summary>
    public required PartitionId Partition { get; init; }

    /// <summary>The state is exactly the log applied up to here.</summary>
    public required Lsn Lsn { get; init; }

    /// <summary>The newest epoch in the log up to there.</summary>
    public required Epoch LastEpoch { get; init; }

    /// <summary>Read sets in the state.</summary>
    public required long ReadSets { get; init; }

    /// <summary>Sessions in the state.</summary>
    public required long Sessions { get; init; }

    /// <summary>Sequences remembered per session.</summary>
    public required int SessionWindow { get; init; }

    /// <summary>The bound of the session table.</summary>
    public required long SessionMaxBytes { get; init; }

    /// <summary>The segment size that gives positions their meaning.</summary>
    public required long SegmentBytes { get; init; }

    /// <summary>Length of the epoch table.</summary>
    public int EpochTableBytes { get; init; }

    /// <summary>Length of the replica configuration; 0 while there is none.</summary>
    public int ConfigurationBytes { get; init; }

    /// <summary>Length of the description of the read tables' memory.</summary>
    public int TableGeometryBytes { get; init; }

    /// <summary>Length of the description of the session table's memory.</summary>
    public int SessionGeometryBytes { get; init; }

    /// <summary>CRC32 of the preamble.</summary>
    public uint PreambleCrc { get; init; }

    /// <summary>Length of everything between header and first block.</summary>
    public long PreambleBytes => (long)EpochTableBytes + ConfigurationBytes + TableGeometryBytes + SessionGeometryBytes;

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> into)
    {
        var bytes = into[..Size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[8..], CurrentVersion);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[10..], CurrentVersion);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Size);
        ClusterId.Value.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[32..], Partition.Value);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[36..], EpochTableBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], Lsn.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], LastEpoch.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], ReadSets);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[64..], Sessions);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[72..], ConfigurationBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[76..], TableGeometryBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[80..], SessionGeometryBytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[88..], SessionWindow);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[96..], SegmentBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[104..], SessionMaxBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[120..], PreambleCrc);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[124..], Crc32.HashToUInt32(bytes[..124]));
    }

    /// <summary>Reads a header; false with a reason when a byte of it is not what it must be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out SnapshotHeader header, out string reason)
    {
        header = default;
        reason = "";
        if (from.Length < Size)
            reason = "the header is cut short";
        else if (!from[..8].SequenceEqual(Magic))
            reason = "it does not begin as a snapshot";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(from[124..]) != Crc32.HashToUInt32(from[..124]))
            reason = "the header's checksum is wrong";
        else if (NeedsNewerBuild(from, out var needed))
            reason = $"it needs a build that reads version {needed}; this one reads {CurrentVersion}";
        else if (BinaryPrimitives.ReadInt32LittleEndian(from[12..]) != Size)
            reason = "the header has another length";
        if (reason.Length > 0)
            return false;
        header = Parse(from);
        if (!header.LengthsAreSane || header.Lsn < Lsn.Zero || header.ReadSets < 0 || header.Sessions < 0)
            reason = "a field of the header is out of range";
        return reason.Length == 0;
    }

    /// <summary>Whether these are a sound header's bytes that only a newer build understands.</summary>
    internal static bool IsUnsupported(ReadOnlySpan<byte> from) =>
        from.Length >= Size
        && from[..8].SequenceEqual(Magic)
        && BinaryPrimitives.ReadUInt32LittleEndian(from[124..]) == Crc32.HashToUInt32(from[..124])
        && NeedsNewerBuild(from, out _);

    private static bool NeedsNewerBuild(ReadOnlySpan<byte> from, out ushort needed)
    {
        needed = BinaryPrimitives.ReadUInt16LittleEndian(from[10..]);
        return needed > CurrentVersion;
    }

    private bool LengthsAreSane =>
        EpochTableBytes is >= 0 and <= MaxPartBytes
        && ConfigurationBytes is >= 0 and <= MaxPartBytes
        && TableGeometryBytes is >= 0 and <= MaxPartBytes
        && SessionGeometryBytes is >= 0 and <= MaxPartBytes;

    private static SnapshotHeader Parse(ReadOnlySpan<byte> from) => new()
    {
        ClusterId = new ClusterId(new Guid(from[16..32], bigEndian: true)),
        Partition = new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[32..])),
        EpochTableBytes = BinaryPrimitives.ReadInt32LittleEndian(from[36..]),
        Lsn = new Lsn(BinaryPrimitives.ReadInt64LittleEndian(from[40..])),
        LastEpoch = new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[48..])),
        ReadSets = BinaryPrimitives.ReadInt64LittleEndian(from[56..]),
        Sessions = BinaryPrimitives.ReadInt64LittleEndian(from[64..]),
        ConfigurationBytes = BinaryPrimitives.ReadInt32LittleEndian(from[72..]),
        TableGeometryBytes = BinaryPrimitives.ReadInt32LittleEndian(from[76..]),
        SessionGeometryBytes = BinaryPrimitives.ReadInt32LittleEndian(from[80..]),
        SessionWindow = BinaryPrimitives.ReadInt32LittleEndian(from[88..]),
        SegmentBytes = BinaryPrimitives.ReadInt64LittleEndian(from[96..]),
        SessionMaxBytes = BinaryPrimitives.ReadInt64LittleEndian(from[104..]),
        PreambleCrc = BinaryPrimitives.ReadUInt32LittleEndian(from[120..]),
    };
}
