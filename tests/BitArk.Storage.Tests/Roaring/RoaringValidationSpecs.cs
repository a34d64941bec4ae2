using BitArk.Storage.Roaring;

namespace BitArk.Storage.Tests.Roaring;

public sealed class RoaringValidationSpecs
{
    [Fact]
    public void Should_name_the_place_when_any_prefix_is_all_there_is()
    {
        byte[] bytes = RoaringBytes.Write64([new(1, 5), new(9, 9), new(70_000, 90_000), new(1L << 33, 1L << 33)]);
        for (int length = 0; length < bytes.Length; length++)
        {
            RoaringFormatException error = Assert.Throws<RoaringFormatException>(() => RoaringBytes.Read64(bytes.AsSpan(0, length)));
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Theory]
    [InlineData("0100000000000000 00000080 3a30000001000000 00000000 10000000 0000", "above")]
    [InlineData("0100000000000000 00000000 3930000001000000 00000000 10000000 0000", "cookie")]
    [InlineData("0100000000000000 00000000 3a30000001000100 00000000 10000000 0000", "65537 containers")]
    [InlineData("0100000000000000 00000000 3a30000001000000 00000000 11000000 0000", "offset")]
    [InlineData("0100000000000000 00000000 3a30000001000000 00000100 10000000 05000500", "follows value")]
    [InlineData("0100000000000000 00000000 3b30000001 00000300 0100 0000 0400", "5 members in runs, 4 in the header")]
    [InlineData("0100000000000000 00000000 3b30000001 00000300 0100 feff 0300", "leaves its container")]
    [InlineData("0100000000000000 00000000 3b30000001 00000300 0200 0000 0100 0100 0100", "overlaps")]
    [InlineData("0100000000000000 ffffff7f 3a30000001000000 ffff0000 10000000 ffff", "above 2^63-2")]
    [InlineData("0100000000000000 00000000 3a30000001000000 00000000 10000000 0000 00", "more bytes")]
    [InlineData("0200000000000000 01000000 3a30000000000000 01000000 3a30000000000000", "bucket 1 follows bucket 1")]
    public void Should_refuse_when_a_rule_of_the_format_is_broken(string hex, string reason)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Contains(reason, Assert.Throws<RoaringFormatException>(() => RoaringBytes.Read64(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_refuse_when_a_bitmap_does_not_hold_what_its_header_says()
    {
        byte[] bytes = RoaringBytes.Write64(Enumerable.Range(0, 5000).Select(k => new MessageRange(5 * k, 5 * k)), runs: false);
        bytes[^1] ^= 1;
        Assert.Contains("in the header", Assert.Throws<RoaringFormatException>(() => RoaringBytes.Read64(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_throw_nothing_but_its_own_error_when_bytes_are_damaged()
    {
        Random random = new(5);
        byte[] good = RoaringBytes.Fixture("portable_bitmap64.bin");
        for (int round = 0; round < 1000; round++)
        {
            byte[] bytes = [.. good];
            for (int damage = random.Next(1, 4); damage > 0; damage--)
            {
                bytes[random.Next(4) == 0 ? random.Next(bytes.Length) : random.Next(120)] = (byte)random.Next(256);
            }

            try
            {
                List<MessageRange> ranges = RoaringBytes.Read64(bytes);
                Assert.DoesNotContain(ranges.Zip(ranges.Skip(1)), pair => pair.First.To + 1 >= pair.Second.From);
            }
            catch (RoaringFormatException error)
            {
                Assert.InRange(error.Offset, 0, bytes.Length);
            }
        }
    }
}
