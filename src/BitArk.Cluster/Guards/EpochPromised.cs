using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Hashing;

namespace BitArk.Cluster.Guards;

/// <summary>
/// The one event of a guard: an epoch was promised. Little endian; the proposer is in the byte order of its text form.
/// <code>
///   0     2          8       16         32      36
///   | ver | zero     | epoch | proposer | crc32 |
///   | u16 | u8 x 6   | i64   | u8 x 16  | u32   |
/// </code>
/// The CRC covers the 32 bytes before it: SQLite has none for its pages. Which replica it is of stands in its row. Raise
/// <c>ver</c> when a zero field gets a meaning.
/// </summary>
/// <param name="Epoch">The epoch, above 0.</param>
/// <param name="Proposer">To whom; empty: to no proposer.</param>
internal sealed record EpochPromised(Epoch Epoch, Guid Proposer)
{
    public const int Size = 36;

    public const ushort Version = 1;

    private const int ChecksumAt = 32;

    public void Write(Span<byte> into)
    {
        var bytes = into[..Size];
        bytes.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], Epoch.Value);
        Proposer.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumAt..], Crc32.HashToUInt32(bytes[..ChecksumAt]));
    }

    /// <summary>Which version an event of a newer build has, whatever its length; null when it is none, or damaged.</summary>
    public static int? NewerVersion(ReadOnlySpan<byte> from) =>
        from.Length >= Size
        && BinaryPrimitives.ReadUInt32LittleEndian(from[^4..]) == Crc32.HashToUInt32(from[..^4])
        && BinaryPrimitives.ReadUInt16LittleEndian(from) is var version and > Version ? version : null;

    /// <summary>Reads an event; false with a reason when a byte of it is not what it must be.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, [NotNullWhen(true)] out EpochPromised? promised, out string reason)
    {
        promised = null;
        reason = "";
        if (from.Length != Size)
            reason = $"it has {from.Length} bytes instead of {Size}";
        else if (BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) != Crc32.HashToUInt32(from[..ChecksumAt]))
            reason = "its checksum is wrong";
        else if (BinaryPrimitives.ReadUInt16LittleEndian(from) is var version and not Version)
            reason = $"it has version {version}; this build reads {Version}";
        else if (BinaryPrimitives.ReadInt64LittleEndian(from[8..]) is var epoch and <= 0)
            reason = $"its epoch is {epoch}";
        if (reason.Length > 0)
            return false;
        promised = new EpochPromised(new Epoch(BinaryPrimitives.ReadInt64LittleEndian(from[8..])), new Guid(from[16..32], bigEndian: true));
        return true;
    }
}
