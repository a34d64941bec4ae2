using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests.Bench;

/// <summary>Runs a real node in this process on real files, so it runs when no other test does.</summary>
[CollectionDefinition(nameof(InProcessBenchSpecs), DisableParallelization = true)]
[Collection(nameof(InProcessBenchSpecs))]
public sealed class InProcessBenchSpecs
{
    [Theory]
    [InlineData("mark", 1)]
    [InlineData("batch", 2)]
    [InlineData("mixed", 1)]
    [InlineData("are-read", 1)]
    public async Task Should_measure_a_node_in_this_process_and_keep_the_data_where_it_was_told(string workload, int partitions)
    {
        using var directory = new TemporaryDirectory();
        var result = await CommandLine.RunAsync(
            "bench", "--workload", workload, "--duration", "300ms", "--warmup", "50ms", "--callers", "4", "--users", "100",
            "--partitions", $"{partitions}", "--data-dir", directory.Path);
        Assert.Equal((ExitCode.Fine, ""), (result.Code, result.Error));
        Assert.Contains($"in process, through the actors, no network, {partitions} partition", result.Output, StringComparison.Ordinal);
        Assert.Contains($"data        {directory.Path} on ", result.Output, StringComparison.Ordinal);

        var verdict = await CommandLine.RunAsync("wal", "verify", directory.Path);
        Assert.Equal(ExitCode.Fine, verdict.Code);
        // Log, marks and the sum of each.
        Assert.Equal(partitions * 3, verdict.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task Should_end_with_the_usage_code_when_the_directory_belongs_to_another_shape_of_node()
    {
        using var directory = new TemporaryDirectory();
        string[] run = ["bench", "--duration", "50ms", "--warmup", "10ms", "--callers", "1", "--data-dir", directory.Path, "--partitions"];
        Assert.Equal(ExitCode.Fine, (await CommandLine.RunAsync([.. run, "1"])).Code);
        var result = await CommandLine.RunAsync([.. run, "2"]);
        Assert.Equal(ExitCode.Usage, result.Code);
        Assert.Contains("partition", result.Error, StringComparison.Ordinal);
    }
}
