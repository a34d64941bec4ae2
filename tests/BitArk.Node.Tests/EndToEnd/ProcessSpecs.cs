using System.Net;
using System.Net.Sockets;
using BitArk.Node.Hosting;

namespace BitArk.Node.Tests.EndToEnd;

/// <summary>The process: how it starts, ends, dies and comes back, and what it says when it cannot.</summary>
public sealed class ProcessSpecs : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Should_find_every_acknowledged_mark_when_killed_and_started_again()
    {
        var acknowledged = new List<int>();
        using (var node = NodeUnderTest.Start(_data.FullPath))
        {
            await node.WhenReadyAsync();
            using var http = node.Client();
            for (var i = 1; i <= 200; i++)
            {
                await http.PostForTextAsync("/v1/mark", $$"""{"user": {{i % 10}}, "channel": 2, "messages": [{{i}}]}""");
                acknowledged.Add(i);
            }

            await node.KillAsync();
        }

        using (var node = NodeUnderTest.Start(_data.FullPath))
        {
            await node.WhenReadyAsync();
            using var http = node.Client();
            foreach (var i in acknowledged)
                Assert.StartsWith("{\"read\":true", (await http.GetForTextAsync($"/v1/users/{i % 10}/channels/2/messages/{i}")).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Equal(NodeProcess.Ok, await node.TerminateAsync());
            Assert.Empty(node.Errors);
        }
    }

    [Fact]
    public async Task Should_say_where_it_listens_when_ready()
    {
        using var node = NodeUnderTest.Start(_data.FullPath);

        var line = await node.WhenReadyAsync();

        var ports = node.Ports();
        Assert.StartsWith($"BitArk node1 ready: http://127.0.0.1:{ports["http"]} grpc://127.0.0.1:{ports["grpc"]} ", line, StringComparison.Ordinal);
        Assert.Equal(node.ProcessId, ports["pid"]);
        Assert.Equal(NodeProcess.Ok, await node.TerminateAsync());
    }

    [Theory]
    [InlineData("bitark.htp.port=1", "bitark.htp.port")]
    [InlineData("bitark.http.port=http", "bitark.http.port")]
    [InlineData("bitark.bind=0.0.0.0", "bitark.allow-insecure-bind")]
    [InlineData("bitark.grpc.port=0", "bitark.http.port = 0")]
    public async Task Should_exit_2_with_one_clear_message_when_a_setting_cannot_be_used(string setting, string named)
    {
        string[] alsoOff = setting == "bitark.grpc.port=0" ? ["--set", "bitark.http.port=0"] : [];
        using var node = NodeUnderTest.Start(_data.FullPath, ["--set", setting, .. alsoOff]);

        Assert.Equal(NodeProcess.Misconfigured, await node.WhenEndedAsync());
        var message = Assert.Single(node.Errors);
        Assert.StartsWith("bitark: ", message, StringComparison.Ordinal);
        Assert.Contains(named, message, StringComparison.Ordinal);
        Assert.Empty(node.Output);
    }

    [Fact]
    public async Task Should_exit_with_one_clear_line_when_the_port_is_taken()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var node = NodeUnderTest.Start(_data.FullPath, "--set", $"bitark.http.port={port}");

        Assert.Equal(NodeProcess.Failed, await node.WhenEndedAsync());
        Assert.Contains($":{port}", Assert.Single(node.Errors), StringComparison.Ordinal);
        AssertNoStackTrace(node);
    }

    [Theory]
    [InlineData("bitark.bind=192.0.2.1", "assign requested address")]
    [InlineData("akka.actor.provider=nonsense", "nonsense")]
    public async Task Should_exit_1_with_one_clear_line_when_a_part_cannot_start(string setting, string named)
    {
        using var node = NodeUnderTest.Start(_data.FullPath, "--set", "bitark.allow-insecure-bind=true", "--set", setting);

        Assert.Equal(NodeProcess.Failed, await node.WhenEndedAsync());
        Assert.Contains(named, Assert.Single(node.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_exit_with_one_clear_line_and_disturb_nobody_when_the_data_directory_is_in_use()
    {
        using var first = NodeUnderTest.Start(_data.FullPath);
        await first.WhenReadyAsync();
        var ports = first.Ports();
        using var second = NodeUnderTest.Start(_data.FullPath);

        Assert.Equal(NodeProcess.Failed, await second.WhenEndedAsync());
        Assert.Contains(_data.FullPath, Assert.Single(second.Errors), StringComparison.Ordinal);
        AssertNoStackTrace(second);
        Assert.Equal(ports, first.Ports());
        using var http = first.Client();
        using var ready = await http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Should_end_non_zero_with_one_line_naming_the_place_when_the_log_is_damaged()
    {
        using (var node = NodeUnderTest.Start(_data.FullPath))
        {
            await node.WhenReadyAsync();
            using var http = node.Client();
            await http.PostForTextAsync("/v1/mark", """{"user": 1, "channel": 2, "upTo": 9}""");
            Assert.Equal(NodeProcess.Ok, await node.TerminateAsync());
        }

        var segment = Path.Combine(_data.FullPath, "partitions", "0", "wal", "0000000000000000.wal");
        using (var file = new FileStream(segment, FileMode.Open, FileAccess.ReadWrite))
        {
            const int firstRecord = 64;
            file.Position = firstRecord + 5;
            var flipped = (byte)(file.ReadByte() ^ 0x10);
            file.Position = firstRecord + 5;
            file.WriteByte(flipped);
        }

        using var damaged = NodeUnderTest.Start(_data.FullPath);
        Assert.NotEqual(NodeProcess.Ok, await damaged.WhenEndedAsync());
        Assert.Contains("0000000000000000.wal", Assert.Single(damaged.Errors), StringComparison.Ordinal);
        AssertNoStackTrace(damaged);
    }

    [Fact]
    public async Task Should_explain_itself_when_asked_for_help()
    {
        using var node = NodeUnderTest.Start(_data.FullPath, "--help");

        Assert.Equal(NodeProcess.Ok, await node.WhenEndedAsync());
        Assert.Contains(node.Output, line => line.Contains("--set KEY=VALUE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_time_the_syncs_of_the_log_when_scraped()
    {
        using var node = NodeUnderTest.Start(_data.FullPath);
        await node.WhenReadyAsync();
        using var http = node.Client();
        await http.PostForTextAsync("/v1/mark", """{"user": 1, "channel": 2, "upTo": 9}""");

        var text = await http.GetForTextAsync("/metrics");

        Assert.Matches("bitark_disk_sync_duration_seconds_count\\{[^}]*file=\"wal\"[^}]*\\} [1-9]", text);
        Assert.Matches("bitark_disk_written_bytes_total\\{[^}]*file=\"wal\"[^}]*\\} [1-9]", text);
        Assert.Equal(NodeProcess.Ok, await node.TerminateAsync());
    }

    public void Dispose() => _data.Dispose();

    private static void AssertNoStackTrace(NodeUnderTest node) =>
        Assert.DoesNotContain(node.Output.Concat(node.Errors), line => line.Contains(" at BitArk.", StringComparison.Ordinal) || line.Contains(" at System.", StringComparison.Ordinal));
}
