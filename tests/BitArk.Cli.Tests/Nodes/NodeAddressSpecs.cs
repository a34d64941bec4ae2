using BitArk.Cli.Nodes;

namespace BitArk.Cli.Tests.Nodes;

public sealed class NodeAddressSpecs
{
    [Theory]
    [InlineData("grpc://127.0.0.1:9001", "grpc://127.0.0.1:9001")]
    [InlineData("grpc://127.0.0.1", "grpc://127.0.0.1:8081")]
    [InlineData("http://127.0.0.1", "http://127.0.0.1:8080")]
    [InlineData("http://127.0.0.1:80/", "http://127.0.0.1")]
    [InlineData("http://[::1]:7", "http://[::1]:7")]
    public void Should_fill_in_the_door_s_port_when_none_is_written(string text, string expected)
    {
        Assert.True(NodeAddress.TryParse(text, out var address, out _));
        Assert.Equal(expected, address.ToString());
        Assert.Equal("http", address.Endpoint.Scheme);
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:8081")]
    [InlineData("redis://127.0.0.1")]
    [InlineData("grpc://")]
    [InlineData("http://127.0.0.1/v1/cluster")]
    [InlineData("http://127.0.0.1:99999")]
    public void Should_say_what_is_allowed_when_it_is_no_address(string text)
    {
        Assert.False(NodeAddress.TryParse(text, out _, out var problem));
        Assert.Contains("grpc://host[:port]", problem, StringComparison.Ordinal);
    }
}
