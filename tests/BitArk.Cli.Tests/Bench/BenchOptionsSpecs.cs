using BitArk.Cli.Bench;
using BitArk.Cli.Nodes;

namespace BitArk.Cli.Tests.Bench;

public sealed class BenchOptionsSpecs
{
    private static readonly NodeAddress Grpc = new(NodeDoor.Grpc, new Uri("http://127.0.0.1:8081"));

    public static TheoryData<string> Contradictions => new(Cases.Keys);

    private static Dictionary<string, BenchOptions> Cases => new()
    {
        ["gRPC"] = new BenchOptions { Node = Grpc with { Door = NodeDoor.Http } },
        ["--data-dir"] = new BenchOptions { Node = Grpc, DataDirectory = "data" },
        ["--node-pid"] = new BenchOptions { NodePid = 1 },
        ["--ids"] = new BenchOptions { Workload = Workload.AreRead, Ids = 11, Messages = 10 },
    };

    [Theory]
    [MemberData(nameof(Contradictions))]
    public void Should_name_the_option_when_options_contradict_each_other(string named) =>
        Assert.Contains(named, Cases[named].Problem(), StringComparison.Ordinal);

    [Fact]
    public void Should_accept_the_defaults() => Assert.Null(new BenchOptions().Problem());
}
