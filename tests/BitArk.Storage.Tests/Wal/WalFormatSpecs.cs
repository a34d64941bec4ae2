using BitArk.Storage.Wal;

namespace BitArk.Storage.Tests.Wal;

/// <summary>The bytes on disk, frozen: a change here is a change of the format and needs a new version.</summary>
public sealed class WalFormatSpecs
{
    [Fact]
    public void Should_write_the_golden_segment_header()
    {
        var header = new SegmentHeader(1, 1, TestLog.Partition, TestLog.Cluster, 0x1122, 64 * 1024 * 1024);
        var bytes = new byte[SegmentHeader.Size];
        header.Write(bytes);
        AssertGolden(
            "42495441524B574C 0100 0100 07000000 00112233445566778899AABBCCDDEEFF 2211000000000000 0000000400000000 000000000000000000000000 0D24E512",
            bytes);
        Assert.True(SegmentHeader.TryRead(bytes, out var read, out _));
        Assert.Equal(header, read);
    }

    [Fact]
    public void Should_write_the_golden_record()
    {
        var buffer = new byte[RecordCodec.Headroom + 64];
        buffer.AsSpan().Fill(0xEE);
        var room = RecordCodec.Write(buffer, RecordCodec.Headroom, new Lsn(64), new Epoch(3), RecordType.Marks, 0, [0xA1, 0xA2, 0xA3]);
        Assert.Equal(32, room);
        AssertGolden("1B000000 41528EAB 0300000000000000 01 00 000000000000 A1A2A3 0000000000", buffer.AsSpan(RecordCodec.Headroom, room));
        Assert.True(buffer.AsSpan(0, RecordCodec.Headroom).IndexOfAnyExcept((byte)0xEE) < 0, "the bytes in front were not put back");
    }

    [Fact]
    public void Should_write_the_golden_durable_mark()
    {
        var slot = new DurableMarkSlot(
            TestLog.Cluster, TestLog.Partition, 5, new DurableMarkState(new Lsn(0x500), new Lsn(0x400), new Lsn(0x40)));
        var bytes = new byte[DurableMarkSlot.Size];
        slot.Write(bytes);
        AssertGolden(
            "42495441524B444D 0100 0100 07000000 00112233445566778899AABBCCDDEEFF 0500000000000000 0005000000000000 0004000000000000 4000000000000000 FFFFFFFFFFFFFFFF 00000000 E70187B8",
            bytes);
        Assert.True(DurableMarkSlot.TryRead(bytes, out var read, out _, out _));
        Assert.Equal(slot, read);
    }

    [Fact]
    public void Should_write_the_golden_marks_payload()
    {
        MarkOperation[] operations =
        [
            new(OperationKind.Mark, NamespaceId.Default, new UserId(1), new ChannelId(2), new MessageRange(9, 9)),
            new(OperationKind.Unmark, new NamespaceId(300), new UserId(128), new ChannelId(Ids.Max), new MessageRange(0, 127)),
        ];
        var bytes = new byte[MarksPayload.SizeOf(new SessionId(77), operations)];
        Assert.Equal(bytes.Length, MarksPayload.Write(bytes, new SessionId(77), 4, operations));
        AssertGolden(
            "01 01 0200 4D00000000000000 0400000000000000 04 01 02 09 03 AC02 8001 FEFFFFFFFFFFFFFF7F 00 7F",
            bytes);
    }

    [Fact]
    public void Should_write_the_golden_epoch_start_payload()
    {
        var bytes = new byte[EpochStartPayload.MaxSize];
        var length = new EpochStartPayload("node1").Write(bytes);
        AssertGolden("01 00000000000000 05 6E6F646531", bytes.AsSpan(0, length));
        Assert.Equal(new EpochStartPayload("node1"), EpochStartPayload.TryRead(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void Should_name_segments_by_their_index_in_hex()
    {
        Assert.Equal("000000000000002a.wal", LogGeometry.SegmentName(42));
        Assert.True(WalFileNames.TryParseSegment("000000000000002a.wal", out var index));
        Assert.Equal(42, index);
        Assert.False(WalFileNames.TryParseSegment("000000000000002A.wal", out _));
        Assert.False(WalFileNames.TryParseSegment("2a.wal", out _));
        Assert.False(WalFileNames.TryParseSegment("000000000000002a.wal.tmp", out _));
    }

    [Theory]
    [InlineData(64, 64)]
    [InlineData(0, 64)]
    [InlineData(65536 - 24, 65536 - 24)]
    [InlineData(65536 - 16, 65536 + 64)]
    [InlineData(65536, 65536 + 64)]
    public void Should_spell_a_position_in_one_way(long position, long expected) =>
        Assert.Equal(new Lsn(expected), TestLog.Geometry.Normalise(new Lsn(position)));

    private static void AssertGolden(string expected, ReadOnlySpan<byte> bytes) =>
        Assert.Equal(expected.Replace(" ", string.Empty, StringComparison.Ordinal), Convert.ToHexString(bytes));
}
