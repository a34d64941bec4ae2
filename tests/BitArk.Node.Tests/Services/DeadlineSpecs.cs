using BitArk.Protocol.V1;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace BitArk.Node.Tests.Services;

/// <summary>
/// On a clock that only the test moves: a call that ends when it passes the deadline ends because of it. What is called
/// here never answers by itself.
/// </summary>
public sealed class DeadlineSpecs
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(50);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Should_answer_outcome_unknown_when_the_headers_deadline_passes_before_a_write_is_confirmed()
    {
        await using var node = await RunningNode.StartAsync(time: _time);
        node.Model.Model[0].NeverConfirms = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/mark") { Content = new StringContent("""{"user": 1, "channel": 2, "upTo": 3}""", null, "application/json") };

        Assert.Equal("OUTCOME_UNKNOWN", await ReasonAtTheDeadlineAsync(node, request));
    }

    [Fact]
    public async Task Should_end_at_grpcs_own_deadline_when_a_write_is_not_confirmed()
    {
        await using var node = await RunningNode.StartAsync(time: _time);
        node.Model.Model[0].NeverConfirms = true;

        var e = await Assert.ThrowsAsync<RpcException>(async () => await node.ReadStatus.MarkAsync(
            new MarkRequest { User = 1, Channel = 2, UpTo = 3 }, deadline: DateTime.UtcNow + Deadline));

        // Client and server count on their own; either may be first.
        Assert.Contains(e.StatusCode, new[] { StatusCode.DeadlineExceeded, StatusCode.Unavailable });
    }

    [Fact]
    public async Task Should_not_wait_longer_for_a_token_than_the_deadline_when_that_comes_first()
    {
        await using var node = await RunningNode.StartAsync(hocon: "bitark.reads.token-wait = 1 m", time: _time);
        var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        node.Model.Model[0].NeverApplies = true;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/users/1/channels/2/messages/3?consistency=TOKEN&token={written.Token}");

        Assert.Equal("REPLICA_BEHIND", await ReasonAtTheDeadlineAsync(node, request));
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
        await using var node = await RunningNode.StartAsync(time: _time);
        node.Model.Model[0].NeverLooksUp = true;
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = json is null ? null : new StringContent(json, null, "application/json") };

        Assert.Equal("REPLICA_BEHIND", await ReasonAtTheDeadlineAsync(node, request));
    }

    private async Task<string> ReasonAtTheDeadlineAsync(RunningNode node, HttpRequestMessage request)
    {
        request.Headers.Add("x-bitark-timeout-ms", "50");
        var answering = node.Http.SendAsync(request);
        var wait = await node.Model.Model[0].Waiting;
        _time.Advance(Deadline - Tick);
        Assert.False(wait.IsCancellationRequested || answering.IsCompleted);
        _time.Advance(Tick);
        Assert.True(wait.IsCancellationRequested || !wait.CanBeCanceled);
        return (await answering.ErrorOfAsync()).Reason;
    }
}
