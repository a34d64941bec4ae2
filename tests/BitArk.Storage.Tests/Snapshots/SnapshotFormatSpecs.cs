using BitArk.Storage.Snapshots;

namespace BitArk.Storage.Tests.Snapshots;

/// <summary>The bytes that snapshots in the field hold: a change here is a change of format.</summary>
public sealed class SnapshotFormatSpecs
{
    private static readonly SnapshotHeader Header = new()
    {
        ClusterId = new ClusterId(new Guid("00112233445566778899aabbccddeeff")),
        Partition = new PartitionId(3),
        Lsn = new Lsn(0x1122334455),
        LastEpoch = new Epoch(7),
        ReadSets = 1_000_000,
        Sessions = 12,
        SessionWindow = 64,
        SessionMaxBytes = 1 << 26,
        SegmentBytes = 1 << 26,
        EpochTableBytes = 112,
        ConfigurationBytes = 0,
        TableGeometryBytes = 4096,
        SessionGeometryBytes = 16,
        PreambleCrc = 0xDEADBEEF,
    };

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_header_is_written()
    {
        var bytes = new byte[SnapshotHeader.Size];
        Header.Write(bytes);
        Assert.Equal(
            "4241524B534E4150" + "0100" + "0100" + "80000000" + "00112233445566778899AABBCCDDEEFF" + "03000000" + "70000000" + "5544332211000000"
            + "0700000000000000" + "40420F0000000000" + "0C00000000000000" + "00000000" + "00100000" + "10000000" + "00000000" + "40000000" + "00000000"
            + "0000000400000000" + "0000000400000000" + "0000000000000000" + "EFBEADDE" + "809638D6",
            Convert.ToHexString(bytes));
        Assert.True(SnapshotHeader.TryRead(bytes, out var read, out _));
        Assert.Equal(Header, read);
    }

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_block_is_written()
    {
        var bytes = new byte[SnapshotBlockHeader.Size];
        SnapshotBlockHeader.Write(bytes, 5, "payload"u8);
        Assert.Equal("424C4B31" + "07000000" + "0500000000000000" + "00000000" + "67E986EB", Convert.ToHexString(bytes));
        Assert.True(SnapshotBlockHeader.TryRead(bytes, out var read, out _));
        Assert.True(read.Covers(bytes, "payload"u8));
        Assert.False(read.Covers(bytes, "paxload"u8));
    }

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_trailer_is_written()
    {
        var bytes = new byte[SnapshotTrailer.Size];
        var trailer = new SnapshotTrailer(9, 123_456, 0x01020304);
        trailer.Write(bytes);
        Assert.Equal("454E4431" + "00000000" + "0900000000000000" + "40E2010000000000" + "04030201" + "9F41B805", Convert.ToHexString(bytes));
        Assert.True(SnapshotTrailer.TryRead(bytes, out var read, out _));
        Assert.Equal(trailer, read);
    }

    [Fact]
    public void Should_be_told_from_damage_when_a_newer_build_wrote_the_header()
    {
        var bytes = new byte[SnapshotHeader.Size];
        Header.Write(bytes);
        bytes[10] = 2;
        Assert.False(SnapshotHeader.IsUnsupported(bytes));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(124), System.IO.Hashing.Crc32.HashToUInt32(bytes.AsSpan(0, 124)));
        Assert.True(SnapshotHeader.IsUnsupported(bytes));
        Assert.False(SnapshotHeader.TryRead(bytes, out _, out var reason));
        Assert.Contains("version 2", reason, StringComparison.Ordinal);
    }
}
