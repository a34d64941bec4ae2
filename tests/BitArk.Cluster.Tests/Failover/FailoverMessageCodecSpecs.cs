using System.Buffers.Binary;
using System.IO.Hashing;
using BitArk.Cluster.Failover;
using BitArk.Replication.Failover;
using BitArk.Replication.Tests;
using CsCheck;

namespace BitArk.Cluster.Tests.Failover;

/// <summary>The bytes that nodes of different builds exchange: they change only together with the version. They were made from the ruler by another program.</summary>
public sealed class FailoverMessageCodecSpecs
{
    private static readonly Dictionary<string, FailoverMessage> Messages = new()
    {
        ["ch"] = new CoordinatorHello(Known.Cluster, new Guid("f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f"), Known.A, 77),
        ["nr"] = new NodeReport(Known.Cluster, Known.B, 78, IsLeaving: true,
        [
            new PartitionReport(new PartitionId(3), new ReplicaReport(ReplicaStanding.Leading, new Epoch(9), IsServing: true)),
            new PartitionReport(new PartitionId(7), new ReplicaReport(ReplicaStanding.Following, new Epoch(8))),
        ]),
        ["to"] = new TransferLeaderOrder(Known.Cluster, Known.Partition, Known.C),
        ["ta"] = new TransferLeaderAnswer(Known.Cluster, TransferResult.AnotherLeads, new Epoch(9), Known.B, TimeSpan.FromMilliseconds(750)),
    };

    public static TheoryData<string> Manifests => [.. FailoverMessageCodec.Manifests];

    [Theory]
    [InlineData("ch", "41fb76350101000000112233445566778899aabbccddeeff", "f0e1d2c3b4a5968778695a4b3c2d1e0f4d00000000000000066e6f64652d61")]
    [InlineData("nr", "f823e1140102000000112233445566778899aabbccddeeff", "4e0000000000000001066e6f64652d620200000003000000030109000000000000000700000002000800000000000000")]
    [InlineData("to", "9ef14a660103000000112233445566778899aabbccddeeff", "07000000066e6f64652d63")]
    [InlineData("ta", "a8dbc34e0104000000112233445566778899aabbccddeeff", "060900000000000000b0710b0000000000066e6f64652d62")]
    public void Should_write_and_read_exactly_these_bytes(string manifest, string header, string body)
    {
        Assert.Equal(header + body, Convert.ToHexStringLower(Bytes(Messages[manifest])));
        Assert.True(FailoverMessageCodec.TryRead(manifest, Convert.FromHexString(header + body), out var message, out var reason), reason);
        Assert.Equal(Messages[manifest], message);
    }

    [Fact]
    public void Should_know_every_message_there_is_by_a_manifest_of_its_own()
    {
        var types = typeof(FailoverMessage).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(FailoverMessage)));
        Assert.Equal(types.OrderBy(type => type.Name), Messages.Values.Select(message => message.GetType()).OrderBy(type => type.Name));
        Assert.Equal(FailoverMessageCodec.Manifests.Order(), Messages.Keys.Order());
        Assert.All(Messages, message => Assert.Equal(message.Key, FailoverMessageCodec.ManifestOf(message.Value)));
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_notice_any_flipped_bit(string manifest)
    {
        var good = Bytes(Messages[manifest]);
        for (var bit = 0; bit < good.Length * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(FailoverMessageCodec.TryRead(manifest, bad, out _, out var reason), $"bit {bit}");
            Assert.NotEmpty(reason);
        }
    }

    // With a right checksum: the fields' own checks hold too.
    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_refuse_when_it_is_cut_short_too_long_or_came_under_another_manifest(string manifest)
    {
        var good = Bytes(Messages[manifest]);
        for (var length = 0; length < good.Length; length++)
            Assert.False(FailoverMessageCodec.TryRead(manifest, Sealed(good[..length]), out _, out _), $"length {length}");
        Assert.False(FailoverMessageCodec.TryRead(manifest, Sealed([.. good, 0]), out _, out _));
        Assert.All(FailoverMessageCodec.Manifests.Append("").Where(other => other != manifest), other => Assert.False(FailoverMessageCodec.TryRead(other, good, out _, out _)));
    }

    [Theory]
    [InlineData("ch", 4, 2)]
    [InlineData("ch", 6, 1)]
    [InlineData("ch", 47, 0x80)]
    [InlineData("ch", 49, (byte)'/')]
    [InlineData("nr", 32, 2)]
    [InlineData("nr", 40, 3)]
    [InlineData("nr", 40, 1)]
    [InlineData("nr", 48, 4)]
    [InlineData("nr", 49, 2)]
    [InlineData("nr", 44, 8)]
    [InlineData("to", 27, 0x80)]
    [InlineData("ta", 24, 8)]
    [InlineData("ta", 39, 0x80)]
    public void Should_refuse_a_field_that_could_not_be_written(string manifest, int offset, byte value)
    {
        var bytes = Bytes(Messages[manifest]);
        bytes[offset] = value;
        Assert.False(FailoverMessageCodec.TryRead(manifest, Sealed(bytes), out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void Should_allocate_no_more_rows_than_there_are_bytes_for()
    {
        var bytes = Bytes(Messages["nr"]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), int.MaxValue);
        Assert.False(FailoverMessageCodec.TryRead("nr", Sealed(bytes), out _, out var reason));
        Assert.Contains("2147483647", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_tell_of_no_longer_time_than_it_reads()
    {
        var bytes = Bytes(new TransferLeaderAnswer(Known.Cluster, TransferResult.Done, new Epoch(9), null, TimeSpan.FromDays(400)));
        Assert.True(FailoverMessageCodec.TryRead("ta", bytes, out var read, out var reason), reason);
        Assert.Equal((TimeSpan.FromDays(1), null), (((TransferLeaderAnswer)read).Unavailable, ((TransferLeaderAnswer)read).Leader));
    }

    [Fact]
    public void Should_read_back_what_was_written_when_a_node_has_as_many_replicas_as_there_can_be()
    {
        var rows = Gen.Select(Gen.Int[0, FailoverMessageCodec.MaxRows], Gen.Int[0, 3], Gen.Bool, Gen.Long[0, long.MaxValue], (count, standing, serving, promised) =>
            Enumerable.Range(0, count).Select(i => new PartitionReport(new PartitionId(i * 2), new ReplicaReport((ReplicaStanding)standing, new Epoch(promised), serving))).ToArray());
        Gen.Select(rows, Gen.Bool, Gen.Long[0, long.MaxValue]).Sample(
            (of, leaving, sequence) =>
            {
                var report = new NodeReport(Known.Cluster, Known.B, sequence, leaving, of);
                Assert.True(FailoverMessageCodec.TryRead("nr", Bytes(report), out var read, out var reason), reason);
                Assert.Equal(report, read);
            },
            iter: 200);
    }

    private static byte[] Bytes(FailoverMessage message)
    {
        var bytes = new byte[FailoverMessageCodec.SizeOf(message)];
        FailoverMessageCodec.Write(message, bytes);
        return bytes;
    }

    private static byte[] Sealed(byte[] bytes)
    {
        if (bytes.Length > 4)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32.HashToUInt32(bytes.AsSpan(4)));
        return bytes;
    }
}
