using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using BitArk.Node.Hosting;

namespace BitArk.Node.Tests.EndToEnd;

/// <summary>A process that stood still for so long that the others gave it up, and goes on.</summary>
public sealed partial class RejoinProcessSpecs : IDisposable
{
    private static readonly string[] Names = ["node1", "node2", "node3"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _data = new();

    [Fact]
    public async Task Should_be_a_member_again_in_the_same_process_when_it_was_paused_and_downed()
    {
        var ports = FreePorts.Take(Names.Length);
        var nodes = Names.Select((name, i) => Start(name, ports, i)).ToList();
        try
        {
            await Task.WhenAll(nodes.Select(node => node.WhenReadyAsync()));
            using var first = nodes[0].Client();
            using var second = nodes[1].Client();
            await UntilAsync(async () => await StatusOfAsync(second, "node1") == "up", "node2 sees node1");

            await nodes[0].PauseAsync();
            await UntilAsync(async () => await StatusOfAsync(second, "node1") == "down", "the others have given node1 up");
            await nodes[0].ResumeAsync();

            await UntilAsync(
                async () =>
                {
                    // Whatever it is doing: what it holds can be read.
                    using var read = await first.GetAsync("/v1/users/1/channels/2/messages/3?consistency=ANY");
                    Assert.True(read.IsSuccessStatusCode, await read.Content.ReadAsStringAsync());
                    return await RebuildsOfAsync(first) >= 1;
                },
                "node1 has built its ActorSystem anew");
            await UntilAsync(
                async () => await StatusOfAsync(second, "node1") == "up" && await StatusOfAsync(first, "node2") == "up" && await StatusOfAsync(first, "node3") == "up",
                "it is a member again");

            // A member is not ready before it has heard of the leader.
            await UntilAsync(
                async () =>
                {
                    using var ready = await first.GetAsync("/health/ready");
                    return ready.IsSuccessStatusCode;
                },
                "it is ready");
            var codes = await Task.WhenAll(nodes.Select(node => node.TerminateAsync()));
            Assert.All(codes, code => Assert.Equal(NodeProcess.Ok, code));
            Assert.All(nodes, node => Assert.Empty(node.Errors));
        }
        finally
        {
            foreach (var node in nodes)
                node.Dispose();
        }
    }

    public void Dispose() => _data.Dispose();

    private NodeUnderTest Start(string name, int[] ports, int which) => NodeUnderTest.Start(
        Path.Combine(_data.FullPath, name),
        "--set", $"bitark.node-name={name}",
        "--set", "bitark.replication-factor=3",
        "--set", "bitark.cluster.expected-nodes=3",
        "--set", $"bitark.cluster.seed-nodes=[{string.Join(",", ports.Select(port => $"\"127.0.0.1:{port}\""))}]",
        "--set", "bitark.cluster.form-after=2s",
        "--set", "bitark.failover.profile=fast",
        "--set", "bitark.resp.port=0",
        "--set", $"akka.remote.dot-netty.tcp.port={ports[which].ToString(CultureInfo.InvariantCulture)}");

    private static async Task<string?> StatusOfAsync(HttpClient http, string name)
    {
        using var cluster = JsonDocument.Parse(await http.GetForTextAsync("/v1/cluster"));
        return cluster.RootElement.GetProperty("nodes").EnumerateArray().Where(node => node.GetProperty("name").GetString() == name)
            .Select(node => node.GetProperty("status").GetString()).SingleOrDefault();
    }

    private static async Task<int> RebuildsOfAsync(HttpClient http) =>
        RebuildsLine().Match(await http.GetForTextAsync("/metrics")) is { Success: true } line ? int.Parse(line.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;

    private static Task UntilAsync(Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(condition, what, Patience);

    [GeneratedRegex(@"^bitark_actor_system_rebuilds_total\{[^}]*\} (?<count>\d+)", RegexOptions.Multiline)]
    private static partial Regex RebuildsLine();
}
