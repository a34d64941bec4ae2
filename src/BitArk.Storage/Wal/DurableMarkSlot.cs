using System.Buffers.Binary;
using System.IO.Hashing;

namespace BitArk.Storage.Wal;

/// <summary>
/// One of the two slots of the durable mark's file.
/// <code>
///  0        8        10      12          16           32         40            48           56         64            72         76
///  | magic  | format | min   | partition | cluster id | sequence | durable LSN | commit LSN | log base | cut intent  | reserved | crc32 |
///  | 8      | u16    | u16   | i32       | 16, as hex | u64      | i64         | i64        | i64      | i64, or -1  | 4 zeros  | u32   |
/// </code>
/// Little endian; the cluster id is big endian. The CRC32 covers bytes 0 … 75. The valid slot with the higher sequence counts.
/// </summary>
/// <param name="Cluster">The cluster of the log.</param>
/// <param name="Partition">The partition of the log.</param>
/// <param name="Sequence">Rises by one with each write.</param>
/// <param name="State">What is remembered.</param>
internal readonly record struct DurableMarkSlot(ClusterId Cluster, PartitionId Partition, long Sequence, DurableMarkState State)
{
    public const int Size = 80;

    private const int ChecksumAt = 76;
    private const long NoCut = -1;

    private static ReadOnlySpan<byte> Magic => "BITARKDM"u8;

    public void Write(Span<byte> into)
    {
        into = into[..Size];
        into.Clear();
        Magic.CopyTo(into);
        BinaryPrimitives.WriteUInt16LittleEndian(into[8..], WalVersions.Format);
        BinaryPrimitives.WriteUInt16LittleEndian(into[10..], WalVersions.MinCompatible);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], Partition.Value);
        Cluster.Value.TryWriteBytes(into[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], State.DurableLsn.Value);
        BinaryPrimitives.WriteInt64LittleEndian(into[48..], State.CommitLsn.Value);
        BinaryPrimitives.WriteInt64LittleEndian(into[56..], State.LogBase.Value);
        BinaryPrimitives.WriteInt64LittleEndian(into[64..], State.CutIntent?.Value ?? NoCut);
        BinaryPrimitives.WriteUInt32LittleEndian(into[ChecksumAt..], Crc32.HashToUInt32(into[..ChecksumAt]));
    }

    /// <summary>Reads a slot; false with a reason. <paramref name="tooNew"/>: intact, but only a newer version may read it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> from, out DurableMarkSlot slot, out bool tooNew, out string reason)
    {
        slot = default;
        tooNew = false;
        if (from.Length < Size || !from.StartsWith(Magic))
            return Refuse("not a durable mark", out reason);
        if (BinaryPrimitives.ReadUInt32LittleEndian(from[ChecksumAt..]) != Crc32.HashToUInt32(from[..ChecksumAt]))
            return Refuse("the durable mark's checksum does not match", out reason);

        var min = BinaryPrimitives.ReadUInt16LittleEndian(from[10..]);
        tooNew = min > WalVersions.Format;
        if (tooNew)
            return Refuse($"the durable mark needs format version {min}; this is version {WalVersions.Format}", out reason);

        var cut = BinaryPrimitives.ReadInt64LittleEndian(from[64..]);
        slot = new DurableMarkSlot(
            new ClusterId(new Guid(from.Slice(16, 16), bigEndian: true)),
            new PartitionId(BinaryPrimitives.ReadInt32LittleEndian(from[12..])),
            BinaryPrimitives.ReadInt64LittleEndian(from[32..]),
            new DurableMarkState(
                new Lsn(BinaryPrimitives.ReadInt64LittleEndian(from[40..])),
                new Lsn(BinaryPrimitives.ReadInt64LittleEndian(from[48..])),
                new Lsn(BinaryPrimitives.ReadInt64LittleEndian(from[56..])),
                cut == NoCut ? null : new Lsn(cut)));
        reason = string.Empty;
        return IsPlausible(slot.State) || Refuse("the durable mark's positions contradict each other", out reason);
    }

    private static bool IsPlausible(DurableMarkState state) =>
        state.LogBase > Lsn.Zero
        && state.DurableLsn >= state.LogBase
        && state.CommitLsn >= Lsn.Zero
        && state.CommitLsn <= state.DurableLsn
        && (state.CutIntent is not { } cut || cut >= state.LogBase);

    private static bool Refuse(string why, out string reason)
    {
        reason = why;
        return false;
    }
}
