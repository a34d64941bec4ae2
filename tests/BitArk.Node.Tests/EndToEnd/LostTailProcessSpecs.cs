using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BitArk.Node.Tests.EndToEnd;

/// <summary>Three processes under <c>commit-rule = leader</c>: what a failover has lost is said to operators and to clients.</summary>
public sealed partial class LostTailProcessSpecs : IDisposable
{
    private static readonly string[] Names = ["node1", "node2", "node3"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TemporaryDirectory _data = new();
    private readonly int[] _ports = FreePorts.Take(Names.Length);
    private readonly NodeUnderTest?[] _nodes = new NodeUnderTest?[Names.Length];

    [Fact]
    public async Task Should_answer_the_tokens_of_a_lost_tail_with_their_own_error_and_count_its_bytes()
    {
        await StartAsync(0, 1, 2);
        await MarkAsync(0, upTo: 9);
        var leader = Array.IndexOf(Names, await LeaderAsync(0));
        int[] others = [.. Enumerable.Range(0, Names.Length).Where(i => i != leader)];
        await UntilAsync(async () => (await Task.WhenAll(others.Select(i => IsReadAsync(i, 9)))).All(read => read), "the others have it");

        await KillAsync(others);
        var lost = await MarkAsync(leader, upTo: 29);
        await KillAsync(leader);
        await StartAsync(others);
        await UntilAsync(async () => await LeaderAsync(others[0]) is { Length: > 0 } name && name != Names[leader], "another one leads");
        await MarkAsync(others[0], upTo: 12);
        Assert.Equal("TOKEN_LOST", await ReasonAsync(others[0], lost, "LEADER"));

        await StartAsync(leader);
        await UntilAsync(async () => await CountAsync(leader, LostBytesLine()) > 0, "the old leader has given its tail up");
        await UntilAsync(async () => (await Task.WhenAll(Enumerable.Range(0, 3).Select(i => IsReadAsync(i, 12)))).All(read => read), "all have what came instead");
        foreach (var consistency in (string[])["LEADER", "TOKEN"])
            Assert.Equal("TOKEN_LOST", await ReasonAsync(leader, lost, consistency));
        Assert.False(await IsReadAsync(leader, 20));
        Assert.Contains(_nodes[leader]!.Output, line => line.Contains("a failover has lost ", StringComparison.Ordinal));
        Assert.Equal(0, await CountAsync(others[0], LostBytesLine()) + await CountAsync(others[1], LostBytesLine()));
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
            node?.Dispose();
        _data.Dispose();
    }

    private async Task StartAsync(params int[] which)
    {
        foreach (var i in which)
        {
            _nodes[i] = NodeUnderTest.Start(
                Path.Combine(_data.FullPath, Names[i]),
                "--set", $"bitark.node-name={Names[i]}",
                "--set", "bitark.replication-factor=3",
                "--set", "bitark.commit-rule=leader",
                "--set", "bitark.replication.require-lease=off",
                "--set", "bitark.cluster.expected-nodes=3",
                "--set", $"bitark.cluster.seed-nodes=[{string.Join(",", _ports.Select(port => $"\"127.0.0.1:{port}\""))}]",
                "--set", "bitark.cluster.form-after=1s",
                "--set", "bitark.failover.profile=fast",
                "--set", "bitark.resp.port=0",
                "--set", $"akka.remote.dot-netty.tcp.port={_ports[i].ToString(CultureInfo.InvariantCulture)}");
        }

        await Task.WhenAll(which.Select(i => _nodes[i]!.WhenReadyAsync()));
    }

    private async Task KillAsync(params int[] which)
    {
        await Task.WhenAll(which.Select(i => _nodes[i]!.KillAsync()));
        foreach (var i in which)
        {
            _nodes[i]!.Dispose();
            _nodes[i] = null;
        }
    }

    private async Task<string> MarkAsync(int node, int upTo)
    {
        using var client = _nodes[node]!.Client();
        client.DefaultRequestHeaders.Add("x-bitark-timeout-ms", "30000");
        using var body = new StringContent($$"""{"user": 1, "channel": 2, "upTo": {{upTo}}}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/v1/mark", UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("token").GetString()!;
    }

    private async Task<bool> IsReadAsync(int node, int message) =>
        (await GetAsync(node, $"/v1/users/1/channels/2/messages/{message}?consistency=ANY")).Contains("\"read\":true", StringComparison.Ordinal);

    private async Task<string?> ReasonAsync(int node, string token, string consistency)
    {
        using var json = JsonDocument.Parse(await GetAsync(node, $"/v1/users/1/channels/2/messages/9?consistency={consistency}&token={token}"));
        return json.RootElement.TryGetProperty("details", out var details) ? details[0].GetProperty("reason").GetString() : null;
    }

    private async Task<string?> LeaderAsync(int node)
    {
        using var json = JsonDocument.Parse(await GetAsync(node, "/v1/cluster"));
        return json.RootElement.GetProperty("partitions")[0].GetProperty("leader").GetString();
    }

    private async Task<long> CountAsync(int node, Regex line) =>
        line.Match(await GetAsync(node, "/metrics")) is { Success: true } found ? long.Parse(found.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;

    private async Task<string> GetAsync(int node, string path)
    {
        using var client = _nodes[node]!.Client();
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return await answer.Content.ReadAsStringAsync();
    }

    private static Task UntilAsync(Func<Task<bool>> condition, string what) => Eventually.HoldsAsync(condition, what, Patience);

    [GeneratedRegex(@"^bitark_partition_lost_tail_bytes_total\{[^}]*\} (?<count>\d+)", RegexOptions.Multiline)]
    private static partial Regex LostBytesLine();
}
