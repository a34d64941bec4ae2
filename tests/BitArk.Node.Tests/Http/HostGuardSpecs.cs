using System.Net;
using System.Net.Sockets;
using BitArk.Cluster;
using BitArk.Node.Http;
using BitArk.Protocol.V1;
using Microsoft.AspNetCore.Http;

namespace BitArk.Node.Tests.Http;

/// <summary>By which names the node is served over HTTP: what a page of another site must not get past.</summary>
public sealed class HostGuardSpecs
{
    private const string Proxied = "bitark.http.allowed-hosts = [\"read.example\", \"10.1.2.3\"]";
    private const string All = "bitark.http.allowed-hosts = [\"*\"]";

    [Theory]
    [InlineData("", "localhost")]
    [InlineData("", "LOCALHOST:8080")]
    [InlineData("", "127.0.0.1:1")]
    [InlineData("", "127.3.2.1")]
    [InlineData("", "[::1]:8080")]
    [InlineData(Proxied, "localhost")]
    [InlineData(Proxied, "Read.Example:443")]
    [InlineData(Proxied, "10.1.2.3")]
    [InlineData(All, "evil.example")]
    public async Task Should_serve_when_the_host_is_a_name_of_the_node(string hocon, string host)
    {
        await using var node = await RunningNode.StartAsync(hocon: hocon);

        using var answer = await GetAsync(node, "/v1/users/1/channels/2/messages/3", host);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "evil.example", "/v1/users/1/channels/2/messages/3")]
    [InlineData("", "evil.example:8080", "/")]
    [InlineData("", "localhost.evil.example", "/metrics")]
    [InlineData("", "127.0.0.1.evil.example", "/health/live")]
    [InlineData("", "10.1.2.3", "/no/such/route")]
    [InlineData(Proxied, "evil.read.example", "/v1/cluster")]
    public async Task Should_refuse_in_the_shape_of_the_contract_when_the_host_is_another(string hocon, string host, string path)
    {
        await using var node = await RunningNode.StartAsync(hocon: hocon);

        var error = await GetAsync(node, path, host).ErrorOfAsync();

        Assert.Equal((HttpStatusCode.BadRequest, 3, "INVALID_ARGUMENT", "host"), (error.Status, error.Code, error.Reason, error.Metadata["field"]));
        Assert.Contains("bitark.http.allowed-hosts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_write_nothing_when_the_host_is_another()
    {
        await using var node = await RunningNode.StartAsync();
        using var mark = new HttpRequestMessage(HttpMethod.Post, "/v1/mark") { Content = new StringContent("""{"user": 1, "channel": 2, "upTo": 3}""", null, "application/json") };
        mark.Headers.Host = "evil.example";

        await node.Http.SendAsync(mark).ErrorOfAsync();

        Assert.False((await node.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 })).Read);
    }

    [Fact]
    public async Task Should_serve_when_an_old_client_sends_no_host()
    {
        await using var node = await RunningNode.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, new Uri($"http://{node.Ports.HttpAuthority}").Port);
        await client.GetStream().WriteAsync("GET /health/live HTTP/1.0\r\n\r\n"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());

        Assert.Contains(" 200 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_serve_grpc_when_the_authority_is_another()
    {
        await using var node = await RunningNode.StartAsync();
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{node.Ports.GrpcAuthority}/bitark.v1.ReadStatus/IsRead")
        {
            Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new("application/grpc") } },
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = "read.example";

        using var answer = await http.SendAsync(request);

        // The empty request got as far as the check of its fields.
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["3"], answer.Headers.GetValues("grpc-status"));
    }

    [Theory]
    [InlineData("[]", true)]
    [InlineData("[\"read.example\"]", true)]
    [InlineData("[\"other.example\"]", false)]
    public async Task Should_ask_for_a_listed_name_beyond_loopback_only_when_names_are_listed(string listed, bool served)
    {
        var settings = SettingsLoader.FromHocon($"bitark {{ bind = \"192.0.2.1\", allow-insecure-bind = on, http.allowed-hosts = {listed} }}");
        var wasServed = false;
        var guard = new HostGuard(_ => { wasServed = true; return Task.CompletedTask; }, settings.Listeners);

        await guard.InvokeAsync(new DefaultHttpContext { Request = { Protocol = "HTTP/1.1", Host = new HostString("read.example") } });

        Assert.Equal(served, wasServed);
    }

    private static async Task<HttpResponseMessage> GetAsync(RunningNode node, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return await node.Http.SendAsync(request);
    }
}
