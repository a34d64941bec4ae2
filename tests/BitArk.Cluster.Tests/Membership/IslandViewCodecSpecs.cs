using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Tests.Membership;

/// <summary>The bytes that nodes of different builds exchange: a change here is a change of the wire.</summary>
public sealed class IslandViewCodecSpecs
{
    private static readonly IslandView View = new(
        0x01020304, new ClusterId(new Guid("00112233445566778899aabbccddeeff")), new IslandId("10.0.0.1", 4053, 5), 2, IsAnswer: true);

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_node_tells_where_it_is()
    {
        Assert.Equal("01" + "01" + "04030201" + "00112233445566778899AABBCCDDEEFF" + "02000000" + "D50F0000" + "05000000" + "0831302E302E302E31", Convert.ToHexString(Bytes(View)));
        Assert.Equal(View, IslandViewCodec.TryRead(Bytes(View), out _));
        var none = new IslandView(1, null, IslandId.None, 0, IsAnswer: false);
        Assert.Equal(none, IslandViewCodec.TryRead(Bytes(none), out _));
    }

    [Fact]
    public void Should_say_why_when_bytes_are_missing_or_too_many()
    {
        var bytes = Bytes(View);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(IslandViewCodec.TryRead(bytes.AsSpan(0, length), out var reason));
            Assert.NotEmpty(reason);
        }

        Assert.Null(IslandViewCodec.TryRead([.. bytes, 0], out _));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    [InlineData(25, 0x80)]
    [InlineData(25, 0x7F)]
    public void Should_refuse_a_view_when_a_field_is_wrong(int offset, byte value)
    {
        var bytes = Bytes(View);
        bytes[offset] = value;
        Assert.Null(IslandViewCodec.TryRead(bytes, out _));
    }

    private static byte[] Bytes(IslandView view)
    {
        var bytes = new byte[IslandViewCodec.SizeOf(view)];
        IslandViewCodec.Write(view, bytes);
        return bytes;
    }
}
