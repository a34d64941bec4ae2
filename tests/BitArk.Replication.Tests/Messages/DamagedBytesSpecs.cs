using System.Buffers.Binary;
using System.IO.Hashing;
using BitArk.Replication.Messages;
using CsCheck;

namespace BitArk.Replication.Tests.Messages;

public sealed class DamagedBytesSpecs
{
    public static TheoryData<string> Manifests => [.. Samples.ByManifest.Keys];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_notice_any_flipped_bit_outside_of_log_bytes(string manifest)
    {
        var good = Samples.Bytes(Samples.ByManifest[manifest]);
        var covered = good.Length - (manifest == "rb" ? 8 : 0);
        for (var bit = 0; bit < covered * 8; bit++)
        {
            var bad = good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(ReplicationCodec.TryRead(manifest, bad, out _, out var reason), $"bit {bit}");
            Assert.NotEmpty(reason);
        }
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_refuse_when_it_is_cut_short_or_too_long(string manifest)
    {
        var good = Samples.Bytes(Samples.ByManifest[manifest]);
        for (var length = 0; length < good.Length; length++)
        {
            Assert.False(ReplicationCodec.TryRead(manifest, good.AsMemory(0, length), out _, out var reason));
            Assert.NotEmpty(reason);
        }

        Assert.False(ReplicationCodec.TryRead(manifest, (byte[])[.. good, 0], out _, out _));
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Should_refuse_when_it_came_under_another_manifest(string manifest)
    {
        var bytes = Samples.Bytes(Samples.ByManifest[manifest]);
        Assert.All(Samples.ByManifest.Keys.Append("zz").Append("").Where(other => other != manifest), other =>
            Assert.False(ReplicationCodec.TryRead(other, bytes, out _, out _)));
    }

    // Garbage with a right checksum, as only a mistake of another build or an attacker makes it: the fields' own checks hold.
    [Fact]
    public void Should_never_throw_and_never_read_what_could_not_be_written_when_bytes_are_made_up()
    {
        var mutants = Gen.Select(
            Gen.Int[0, Samples.ByManifest.Count - 1].Select(index => Samples.ByManifest.Keys.ElementAt(index)),
            Gen.Select(Gen.Int[4, 120], Gen.Byte).Array[0, 6],
            Gen.Int[0, 12],
            Gen.Bool);
        mutants.Sample((manifest, changes, cut, sealIt) =>
        {
            var bytes = Samples.Bytes(Samples.ByManifest[manifest]);
            bytes = bytes[..Math.Max(bytes.Length - cut, 0)];
            foreach (var change in changes.Where(change => change.Item1 < bytes.Length))
            {
                bytes[change.Item1] = change.Item2;
            }

            if (sealIt && bytes.Length > 4)
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32.HashToUInt32(bytes.AsSpan(4, Math.Max(bytes.Length - 4 - (manifest == "rb" ? 8 : 0), 0))));
            if (ReplicationCodec.TryRead(manifest, bytes, out var message, out var reason))
                Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(Samples.Bytes(message)));
            else
                Assert.NotEmpty(reason);
        }, iter: 20_000);
    }

    [Fact]
    public void Should_not_allocate_by_a_length_before_it_is_checked()
    {
        var bytes = Samples.Bytes(Samples.ByManifest["rb"]);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(72), int.MaxValue);
        Assert.False(ReplicationCodec.TryRead("rb", bytes, out _, out var reason));
        Assert.Contains("2147483647", reason, StringComparison.Ordinal);
    }
}
