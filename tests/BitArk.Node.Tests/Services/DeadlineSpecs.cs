using System.Diagnostics;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

public sealed class DeadlineSpecs
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Should_answer_outcome_unknown_when_the_headers_deadline_passes_before_a_write_is_confirmed()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].NeverConfirms = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/mark") { Content = new StringContent("""{"user": 1, "channel": 2, "upTo": 3}""", null, "application/json") };
        request.Headers.Add("x-bitark-timeout-ms", "50");

        var clock = Stopwatch.StartNew();
        var error = await node.Http.SendAsync(request).ErrorOfAsync();

        Assert.Equal("OUTCOME_UNKNOWN", error.Reason);
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(45), Generous);
    }

    [Fact]
    public async Task Should_end_at_grpcs_own_deadline_when_a_write_is_not_confirmed()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].NeverConfirms = true;

        var clock = Stopwatch.StartNew();
        var e = await Assert.ThrowsAsync<RpcException>(async () => await node.ReadStatus.MarkAsync(
            new MarkRequest { User = 1, Channel = 2, UpTo = 3 }, deadline: DateTime.UtcNow.AddMilliseconds(50)));

        // Client and server count on their own; either may be first.
        Assert.Contains(e.StatusCode, new[] { StatusCode.DeadlineExceeded, StatusCode.Unavailable });
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Generous);
    }

    [Fact]
    public async Task Should_not_wait_longer_for_a_token_than_the_deadline_when_that_comes_first()
    {
        await using var node = await RunningNode.StartAsync(hocon: "bitark.reads.token-wait = 60 s");
        var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        node.Model.Model[0].NeverApplies = true;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/users/1/channels/2/messages/3?consistency=TOKEN&token={written.Token}");
        request.Headers.Add("x-bitark-timeout-ms", "50");

        var clock = Stopwatch.StartNew();
        var error = await node.Http.SendAsync(request).ErrorOfAsync();

        Assert.Equal("REPLICA_BEHIND", error.Reason);
        Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(45), Generous);
    }

    [Theory]
    [InlineData("GET", "/v1/users/1/channels/2/messages/3", null)]
    [InlineData("GET", "/v1/users/1/channels/2?head=9", null)]
    [InlineData("GET", "/v1/users/1/channels/2/bitmap", null)]
    [InlineData("POST", "/v1/are-read", """{"user": 1, "items": [{"channel": 2, "messages": [3]}]}""")]
    [InlineData("POST", "/v1/unread", """{"user": 1, "channels": [{"channel": 2, "head": 9}]}""")]
    [InlineData("POST", "/v1/readers", """{"channel": 2, "message": 3, "users": [1]}""")]
    public async Task Should_not_wait_longer_for_the_writer_than_the_deadline_when_a_read_is_overtaken(string method, string path, string? json)
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].NeverLooksUp = true;
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = json is null ? null : new StringContent(json, null, "application/json") };
        request.Headers.Add("x-bitark-timeout-ms", "50");

        Assert.Equal("REPLICA_BEHIND", (await node.Http.SendAsync(request).ErrorOfAsync()).Reason);
    }
}
