using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Tests.EndToEnd;

/// <summary>Every command that speaks to a node, against a real one.</summary>
public sealed class NodeCommandsSpecs : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private NodeUnderTest _node = null!;

    public async Task InitializeAsync() => _node = await NodeUnderTest.StartAsync();

    public async Task DisposeAsync() => await _node.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Should_find_no_mismatch_when_a_trace_is_replayed_with_a_session()
    {
        var result = await ReplayAsync(Trace(), "--session", "--batch", "32");
        Assert.Equal((ExitCode.Fine, ""), (result.Code, result.Error));
        Assert.Contains("exactly once", result.Output, StringComparison.Ordinal);
        Assert.Contains("mismatches  0", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_find_no_mismatch_when_the_node_is_killed_while_a_trace_is_replayed()
    {
        var resume = _directory.File("resume");
        var replay = ReplayAsync(Trace(reads: 20_000), "--session", "--batch", "4", "--in-flight", "32", "--resume-file", resume);
        for (var killed = 0; killed < 2; killed++)
        {
            // The file appears once a quarter of a second's worth of batches is acknowledged.
            await Until(() => File.Exists(resume) || replay.IsCompleted);
            Assert.False(replay.IsCompleted, "it ended before the node could be killed");
            await _node.KillAsync();
            File.Delete(resume);
            await _node.RestartAsync();
        }

        var result = await replay;
        Assert.Equal((ExitCode.Fine, ""), (result.Code, result.Error));
        Assert.Contains("exactly once", result.Output, StringComparison.Ordinal);
        Assert.Contains("mismatches  0", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("retries     0\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_send_only_the_rest_when_it_resumes_and_refuse_another_cluster()
    {
        var trace = Trace();
        var resume = _directory.File("resume");
        Assert.Equal(ExitCode.Fine, (await ReplayAsync(trace, "--resume-file", resume)).Code);

        var again = await ReplayAsync(trace, "--resume", "--resume-file", resume);
        Assert.Equal(ExitCode.Fine, again.Code);
        Assert.Contains("sent        0 operations (0 marks) in 0 writes", again.Output, StringComparison.Ordinal);
        Assert.Contains("mismatches  0", again.Output, StringComparison.Ordinal);

        await using var other = await NodeUnderTest.StartAsync();
        var refused = await CommandLine.RunAsync("replay", trace, "--node", other.Grpc, "--resume", "--resume-file", resume);
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("belongs to cluster", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_end_with_the_code_of_damage_when_one_message_too_many_is_read()
    {
        var trace = Trace();
        Assert.True(NodeAddress.TryParse(_node.Grpc, out var address, out _));
        using (var connection = NodeConnection.Open(address))
        {
            await connection.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 1, Messages = { 1_000_000 } });
        }

        var result = await ReplayAsync(trace);
        Assert.Equal(ExitCode.DamageFound, result.Code);
        Assert.Contains("MISMATCH user=1 channel=1 ranges: ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_the_node_s_positions_through_both_doors()
    {
        foreach (var address in (string[])[_node.Grpc, _node.Http])
        {
            var status = await CommandLine.RunAsync("status", "--node", address);
            Assert.Equal((ExitCode.Fine, ""), (status.Code, status.Error));
            Assert.Contains("node1  leader  Alive   E1", status.Output, StringComparison.Ordinal);
            var json = await CommandLine.RunAsync("status", "--node", address, "--json");
            Assert.Contains("\"answeredBy\": \"node1\"", json.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_compare_the_one_replica_with_itself_and_refuse_a_partition_that_is_not_there()
    {
        var verdict = await CommandLine.RunAsync("verify-replicas", "--node", _node.Grpc);
        Assert.Equal((ExitCode.Fine, ""), (verdict.Code, verdict.Error));
        Assert.Contains("1 of 1 partitions: all replicas are the same", verdict.Output, StringComparison.Ordinal);

        var refused = await CommandLine.RunAsync("verify-replicas", "--node", _node.Grpc, "--partition", "7");
        Assert.Equal(ExitCode.Usage, refused.Code);
    }

    [Theory]
    [InlineData("mark")]
    [InlineData("batch")]
    [InlineData("is-read")]
    [InlineData("are-read")]
    public async Task Should_measure_the_node_over_grpc(string workload)
    {
        var result = await CommandLine.RunAsync(
            "bench", "--target", "grpc", "--node", _node.Grpc, "--node-pid", $"{_node.Pid}", "--workload", workload,
            "--duration", "300ms", "--warmup", "100ms", "--callers", "4", "--users", "50");
        Assert.Equal((ExitCode.Fine, ""), (result.Code, result.Error));
        Assert.Contains($"grpc://127.0.0.1:", result.Output, StringComparison.Ordinal);
        Assert.Contains(", node ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_load_export_and_compare_sets_and_report_memory()
    {
        var sets = Directory.CreateDirectory(_directory.File("sets")).FullName;
        await File.WriteAllTextAsync(Path.Combine(sets, "a.txt"), string.Join(',', Enumerable.Range(0, 9_000).Select(i => i * 7)));
        await File.WriteAllTextAsync(Path.Combine(sets, "b.txt"), string.Join(',', Enumerable.Range(100, 70_000)));
        await File.WriteAllTextAsync(Path.Combine(sets, "c.txt"), "0,5000000000,9223372036854775806");
        var result = await CommandLine.RunAsync("load-sets", sets, "--node", _node.Grpc, "--http", _node.Http);
        Assert.Equal((ExitCode.Fine, ""), (result.Code, result.Error));
        Assert.Contains("3 sets, 79,003 ids in 9,004 ranges", result.Output, StringComparison.Ordinal);
        Assert.Contains("mismatches  0", result.Output, StringComparison.Ordinal);
        Assert.Contains("B/mark", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_read_the_log_beside_the_running_node()
    {
        await ReplayAsync(Trace());
        var verdict = await CommandLine.RunAsync("wal", "verify", _node.DataDirectory);
        Assert.Equal(ExitCode.Fine, verdict.Code);
        Assert.Contains("partition 0 SOUND up to ", verdict.Output, StringComparison.Ordinal);
    }

    private string Trace(int reads = 2_000) => SampleTrace.Write(_directory.File("trace.csv.gz"), reads, seed: 7);

    private Task<CommandResult> ReplayAsync(string trace, params string[] more) => CommandLine.RunAsync(
        ["replay", trace, "--node", _node.Grpc, "--verify", .. more, .. more.Contains("--resume-file") ? [] : (string[])["--resume-file", _directory.File("resume")]]);

    private static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            await timer.WaitForNextTickAsync();
        }
    }
}
