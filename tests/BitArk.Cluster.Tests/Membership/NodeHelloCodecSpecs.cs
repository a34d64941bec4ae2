using BitArk.Cluster.Creation;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Tests.Creation;

namespace BitArk.Cluster.Tests.Membership;

/// <summary>The bytes that nodes of different builds exchange: a change here is a change of the wire.</summary>
public sealed class NodeHelloCodecSpecs
{
    private static readonly NodeHello Hello = new(
        new NodeId("node1"), 0x01020304, 5, new Guid("00112233445566778899aabbccddeeff"), "127.0.0.1:8081", "0.1.0", 3, new LayoutTerms(8, 2, 1 << 26, 64, 1 << 25), null);

    [Fact]
    public void Should_write_the_agreed_bytes_when_a_node_tells_about_itself()
    {
        Assert.Equal(
            "01" + "04030201" + "0500000000000000" + "00112233445566778899AABBCCDDEEFF" + "03000000" + "08000000" + "02000000" + "0000000400000000" + "40000000" + "0000000200000000"
            + "056E6F646531" + "0E3132372E302E302E313A38303831" + "05302E312E30" + "00000000",
            Convert.ToHexString(Bytes(Hello)));
        Assert.Equal(Hello, NodeHelloCodec.TryRead(Bytes(Hello), out _));
    }

    [Fact]
    public void Should_carry_the_layout_when_one_is_durable()
    {
        var hello = Hello with { Meta = Layouts.Three(Layouts.A, LayoutStage.Created) };
        Assert.Equal(hello, NodeHelloCodec.TryRead(Bytes(hello), out _));
    }

    [Fact]
    public void Should_say_why_when_bytes_are_missing_or_too_many()
    {
        var bytes = Bytes(Hello with { Meta = Layouts.Three(Layouts.A, LayoutStage.Created) });
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(NodeHelloCodec.TryRead(bytes.AsSpan(0, length), out var reason));
            Assert.NotEmpty(reason);
        }

        Assert.Null(NodeHelloCodec.TryRead([.. bytes, 0], out _));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(61, 255)]
    [InlineData(62, 0x2F)]
    public void Should_refuse_a_hello_when_a_field_is_wrong(int offset, byte value)
    {
        var bytes = Bytes(Hello);
        bytes[offset] = value;
        Assert.Null(NodeHelloCodec.TryRead(bytes, out _));
    }

    private static byte[] Bytes(NodeHello hello)
    {
        var bytes = new byte[NodeHelloCodec.SizeOf(hello)];
        NodeHelloCodec.Write(hello, bytes);
        return bytes;
    }
}
