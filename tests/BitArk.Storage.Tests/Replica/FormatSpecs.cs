using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;

namespace BitArk.Storage.Tests.Replica;

/// <summary>The bytes that directories in the field hold: a change here is a change of format.</summary>
public sealed class FormatSpecs
{
    private static readonly ClusterId Cluster = new(new Guid("00112233445566778899aabbccddeeff"));

    private static readonly NodeMeta Meta = new(
        Cluster, new Guid("0123456789abcdef0123456789abcdef"), new CreationSettings("nöde1", 8, 3, 1 << 26, 64, 1 << 26));

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_marker_is_created()
    {
        var bytes = new byte[Meta.Size];
        Meta.Write(bytes);
        Assert.Equal(
            "4241524B4E4F4445" + "0100" + "0100" + "5C000000" + "00112233445566778899AABBCCDDEEFF" + "0123456789ABCDEF0123456789ABCDEF"
            + "08000000" + "03000000" + "0000000400000000" + "40000000" + "00000000" + "0000000400000000" + "0600" + "6EC3B6646531" + "46401469",
            Convert.ToHexString(bytes));
        Assert.True(NodeMeta.TryRead(bytes, out var read, out _));
        Assert.Equal(Meta, read);
    }

    [Fact]
    public void Should_write_the_agreed_bytes_when_an_epoch_is_marked()
    {
        var bytes = new byte[EpochMark.LoneSize];
        var mark = new EpochMark(Cluster, new PartitionId(5), new Epoch(0x0102030405));
        mark.Write(bytes);
        Assert.Equal(
            "4241524B45504F43" + "0100" + "000000000000" + "00112233445566778899AABBCCDDEEFF" + "05000000" + "00000000" + "0504030201000000" + "000000000000000000000000" + "3A31F42E",
            Convert.ToHexString(bytes));
        Assert.True(EpochMark.TryRead(bytes, out var read, out _));
        Assert.Equal(mark, read);
    }

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_promise_names_its_proposer()
    {
        var bytes = new byte[EpochMark.MaxSize];
        var mark = new EpochMark(Cluster, new PartitionId(5), new Epoch(0x0102030405), new Guid("0123456789abcdef0123456789abcdef"));
        Assert.Equal(bytes.Length, mark.Write(bytes));
        Assert.Equal(
            "4241524B45504F43" + "0200" + "000000000000" + "00112233445566778899AABBCCDDEEFF" + "05000000" + "00000000" + "0504030201000000"
            + "0123456789ABCDEF0123456789ABCDEF" + "000000000000000000000000" + "2F13EC4B",
            Convert.ToHexString(bytes));
        Assert.True(EpochMark.TryRead(bytes, out var read, out _));
        Assert.Equal(mark, read);
    }

    [Fact]
    public void Should_write_the_agreed_bytes_when_an_install_is_intended()
    {
        var bytes = new byte[InstallIntent.Size];
        var intent = new InstallIntent(Cluster, new PartitionId(5), new Lsn(0x0102030440));
        intent.Write(bytes);
        Assert.Equal(
            "4241524B494E5354" + "0100" + "0100" + "00000000" + "00112233445566778899AABBCCDDEEFF" + "05000000" + "00000000" + "4004030201000000" + "000000000000000000000000" + "DEFC5256",
            Convert.ToHexString(bytes));
        Assert.True(InstallIntent.TryRead(bytes, out var read, out _));
        Assert.Equal(intent, read);
    }

    [Fact]
    public void Should_write_the_agreed_bytes_when_the_progress_of_a_transfer_is_saved()
    {
        var bytes = new byte[ReceiveProgress.Size];
        var progress = new ReceiveProgress(Cluster, new PartitionId(5), new Lsn(0x0102030440), 0x11223344, 0x11220000, 0x8877665544332211);
        progress.Write(bytes);
        Assert.Equal(
            "4241524B52454356" + "0100" + "000000000000" + "00112233445566778899AABBCCDDEEFF" + "05000000" + "00000000" + "4004030201000000"
            + "4433221100000000" + "0000221100000000" + "1122334455667788" + "00000000" + "21C40441",
            Convert.ToHexString(bytes));
        Assert.True(ReceiveProgress.TryRead(bytes, out var read));
        Assert.Equal(progress, read);
    }

    [Fact]
    public void Should_refuse_what_names_a_proposer_an_intent_or_a_progress_when_any_byte_is_flipped_or_missing()
    {
        var mark = new byte[EpochMark.MaxSize];
        new EpochMark(Cluster, new PartitionId(5), new Epoch(7), Guid.NewGuid()).Write(mark);
        AssertAllRefused(mark, bytes => EpochMark.TryRead(bytes, out _, out _));
        var intent = new byte[InstallIntent.Size];
        new InstallIntent(Cluster, new PartitionId(5), new Lsn(64)).Write(intent);
        AssertAllRefused(intent, bytes => InstallIntent.TryRead(bytes, out _, out _));
        var progress = new byte[ReceiveProgress.Size];
        new ReceiveProgress(Cluster, new PartitionId(5), new Lsn(64), 9, 8, 7).Write(progress);
        AssertAllRefused(progress, bytes => ReceiveProgress.TryRead(bytes, out _));
    }

    [Fact]
    public void Should_refuse_a_marker_when_any_byte_is_flipped_or_missing()
    {
        var bytes = new byte[Meta.Size];
        Meta.Write(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            Assert.False(NodeMeta.TryRead(bytes, out _, out var reason));
            Assert.NotEmpty(reason);
            bytes[i] ^= 0x10;
            Assert.False(NodeMeta.TryRead(bytes.AsSpan(0, i), out _, out _));
        }
    }

    [Fact]
    public void Should_refuse_an_epoch_mark_when_any_byte_is_flipped_or_missing()
    {
        var bytes = new byte[EpochMark.LoneSize];
        new EpochMark(Cluster, new PartitionId(5), new Epoch(7)).Write(bytes);
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x01;
            Assert.False(EpochMark.TryRead(bytes, out _, out var reason));
            Assert.NotEmpty(reason);
            bytes[i] ^= 0x01;
            Assert.False(EpochMark.TryRead(bytes.AsSpan(0, i), out _, out _));
        }
    }

    private static void AssertAllRefused(byte[] bytes, Func<byte[], bool> tryRead)
    {
        Assert.True(tryRead(bytes));
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x04;
            Assert.False(tryRead(bytes), $"byte {i} flipped");
            bytes[i] ^= 0x04;
            Assert.False(tryRead(bytes[..i]), $"{i} bytes");
        }
    }
}
