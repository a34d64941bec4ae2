using BitArk.Cluster.Guards;

namespace BitArk.Cluster.Tests.Guards;

public sealed class EpochPromisedSpecs
{
    private static readonly EpochPromised Sample = new(new Epoch(0x0102030405060708), new Guid("00112233445566778899aabbccddeeff"));

    [Fact]
    public void Should_have_exactly_these_bytes() => Assert.Equal(
        "0100000000000000" + "0807060504030201" + "00112233445566778899aabbccddeeff" + "4cdac3b4", Convert.ToHexStringLower(Written()));

    [Fact]
    public void Should_come_back_equal()
    {
        Assert.True(EpochPromised.TryRead(Written(), out var read, out _));
        Assert.Equal(Sample, read);
    }

    [Fact]
    public void Should_be_refused_when_any_bit_is_flipped_or_any_byte_is_missing()
    {
        var bytes = Written();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(EpochPromised.TryRead(bytes, out _, out var reason));
            Assert.NotEmpty(reason);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        for (var length = 0; length < bytes.Length; length++)
            Assert.False(EpochPromised.TryRead(bytes.AsSpan(0, length), out _, out _));
    }

    private static byte[] Written()
    {
        var bytes = new byte[EpochPromised.Size];
        Sample.Write(bytes);
        return bytes;
    }
}
