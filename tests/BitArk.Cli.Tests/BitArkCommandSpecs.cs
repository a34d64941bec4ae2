using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests;

public sealed class BitArkCommandSpecs
{
    [Theory]
    [InlineData("bench --callers 0", "--callers: 0 is out of bounds")]
    [InlineData("bench --callers many", "many")]
    [InlineData("bench --workload write", "are-read")]
    [InlineData("bench --duration 5", "no duration")]
    [InlineData("bench --target grpc --node http://127.0.0.1", "gRPC")]
    [InlineData("bench --target inproc --node-pid 1", "--node-pid")]
    [InlineData("replay", "trace")]
    [InlineData("replay none.csv.gz --batch 0", "--batch")]
    [InlineData("replay none.csv.gz --session --in-flight 33", "--in-flight 33")]
    [InlineData("replay none.csv.gz --node nowhere", "grpc://host[:port]")]
    [InlineData("replay /nonexistent/trace.csv.gz", "/nonexistent/trace.csv.gz")]
    [InlineData("transfer-leader", "--to")]
    [InlineData("transfer-leader --to node2 --partition 1024", "--partition: 1024")]
    [InlineData("transfer-leader --to node2 --node http://127.0.0.1:1", "gRPC")]
    [InlineData("nonsense", "nonsense")]
    public async Task Should_end_with_the_usage_code_and_name_the_culprit_when_the_command_line_is_wrong(string line, string named)
    {
        var (code, output, error) = await CommandLine.RunAsync(Split(line));
        Assert.Equal(ExitCode.Usage, code);
        Assert.Empty(output);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status --node grpc://127.0.0.1:1")]
    [InlineData("status --node http://127.0.0.1:1")]
    [InlineData("transfer-leader --to node2 --node grpc://127.0.0.1:1")]
    public async Task Should_end_as_node_away_when_nobody_listens(string line)
    {
        var (code, _, error) = await CommandLine.RunAsync(Split(line));
        Assert.Equal(ExitCode.NodeAway, code);
        Assert.Contains("127.0.0.1:1", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("bench --help")]
    public async Task Should_print_help_when_asked_or_given_nothing(string line)
    {
        var (code, output, _) = await CommandLine.RunAsync(Split(line));
        Assert.Equal(ExitCode.Fine, code);
        Assert.Contains("Usage:", output, StringComparison.Ordinal);
    }

    private static string[] Split(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
