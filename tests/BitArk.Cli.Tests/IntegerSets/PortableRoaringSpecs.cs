using System.Buffers.Binary;
using BitArk.Cli.IntegerSets;

namespace BitArk.Cli.Tests.IntegerSets;

public sealed class PortableRoaringSpecs
{
    /// <summary>What the specification says the published 32-bit examples hold.</summary>
    private static IEnumerable<long> PublishedIds =>
    [
        .. Enumerable.Range(0, 100).Select(i => i * 1_000L),
        .. Enumerable.Range(100_000, 100_000).Select(i => i * 3L),
        .. Enumerable.Range(700_000, 100_000).Select(i => (long)i),
    ];

    [Theory]
    [InlineData("bitmapwithruns.bin")]
    [InlineData("bitmapwithoutruns.bin")]
    public void Should_decode_the_published_examples_when_they_are_put_into_a_bucket(string file)
    {
        var bitmap = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", file));
        var bytes = new byte[12 + bitmap.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), 5);
        bitmap.CopyTo(bytes, 12);

        var ids = PortableRoaring.Decode(bytes).SelectMany(Expand);

        Assert.Equal(PublishedIds.Distinct().Order().Select(id => id + (5L << 32)), ids);
    }

    [Fact]
    public void Should_decode_the_published_64_bit_example_to_its_last_byte() =>
        Assert.NotEmpty(PortableRoaring.Decode(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "portable_bitmap64.bin"))));

    [Fact]
    public void Should_decode_to_nothing_when_there_is_no_bucket() => Assert.Empty(PortableRoaring.Decode(new byte[8]));

    [Fact]
    public void Should_refuse_what_is_cut_or_longer()
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "portable_bitmap64.bin"));
        for (var length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 200))
        {
            Assert.Throws<FormatException>(() => PortableRoaring.Decode(bytes.AsSpan(0, length)));
        }

        Assert.Throws<FormatException>(() => PortableRoaring.Decode([.. bytes, 0]));
    }

    private static IEnumerable<long> Expand(MessageRange range)
    {
        for (var id = range.From; id <= range.To; id++)
        {
            yield return id;
        }
    }
}
