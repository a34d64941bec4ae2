namespace BitArk.Storage.Tests.Roaring;

/// <summary>The examples that come with the format's specification.</summary>
public sealed class RoaringFixtureSpecs
{
    [Theory]
    [InlineData("bitmapwithruns.bin")]
    [InlineData("bitmapwithoutruns.bin")]
    public void Should_read_the_documented_members_when_given_the_published_32_bit_example(string name) =>
        Assert.Equal(RoaringBytes.PublishedSet(), RoaringBytes.Read32(RoaringBytes.Fixture(name)));

    [Theory]
    [InlineData("bitmapwithruns.bin", true)]
    [InlineData("bitmapwithoutruns.bin", false)]
    public void Should_write_the_published_bytes_when_given_the_documented_members(string name, bool runs) =>
        Assert.Equal(RoaringBytes.Fixture(name), RoaringBytes.Write32(RoaringBytes.PublishedSet(), runs));

    [Theory]
    [InlineData("portable_bitmap64.bin")]
    [InlineData("bitmap64.bin")]
    public void Should_write_the_same_bytes_when_a_published_64_bit_example_was_read(string name)
    {
        byte[] published = RoaringBytes.Fixture(name);
        Assert.Equal(published, RoaringBytes.Write64(RoaringBytes.Read64(published)));
    }
}
