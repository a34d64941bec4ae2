using System.Text.Json;
using BitArk.Cli.Bench;
using BitArk.Cli.Nodes;

namespace BitArk.Cli.Tests.Bench;

public sealed class BenchReportSpecs
{
    private static readonly BenchReport Sample = new()
    {
        Target = new TargetFacts("grpc://127.0.0.1:8081 (node1), 2 connections", 1, "fdatasync by the node before each acknowledged group commit", ""),
        Options = new BenchOptions
        {
            Node = new NodeAddress(NodeDoor.Grpc, new Uri("http://127.0.0.1:8081")),
            Workload = Workload.Batch,
            Rate = 5_000,
        },
        Timing = "from the intended start",
        Calls =
        [
            new CallFigures
            {
                Kind = CallKind.Batch,
                Succeeded = 50_000,
                Failures = new Dictionary<string, long> { ["OVERLOADED"] = 3 },
                MeanNs = 91_400,
                P50Ns = 87_400,
                P90Ns = 120_000,
                P99Ns = 950_100,
                P999Ns = 1_250_000,
                P9999Ns = 9_900_000,
                MaxNs = 2_100_000_000,
            },
        ],
        Elapsed = TimeSpan.FromSeconds(10),
        NotStarted = 7,
        OwnCpu = TimeSpan.FromSeconds(5),
        NodeCpu = TimeSpan.FromSeconds(12),
        AllocatedBytes = 50_003 * 1_024L,
    };

    [Fact]
    public void Should_have_this_text_when_written()
    {
        var writer = new StringWriter { NewLine = "\n" };
        Sample.WriteTo(writer);
        Assert.Equal(
            """
            target      grpc://127.0.0.1:8081 (node1), 2 connections, 1 partition
            durability  fdatasync by the node before each acknowledged group commit
            load        batch (64 marks a call), open loop at 5,000 calls/s, 64 callers
            keys        100,000 users x 4 channels x 1,000 messages, uniform, seed 1; 0 read sets written before
            timed       from the intended start
            measured    10.0 s after 2.0 s of warm-up
            cpu         client 50 % of one core, node 120 %; 1,024 B allocated a call in this process

            call          calls/s       ids/s        mean         p50         p90         p99       p99.9      p99.99         max      failed
            batch           5,000     320,000     91.4 us     87.4 us    120.0 us    950.1 us     1.25 ms     9.90 ms      2.10 s           3
            FAILED batch OVERLOADED: 3
            NOT STARTED 7 calls that were due: the target can't keep up with this rate, or --callers is too low

            """,
            writer.ToString());
        Assert.False(Sample.IsSound);
    }

    [Fact]
    public void Should_say_that_the_disk_plays_no_part_when_only_reads_are_measured()
    {
        var writer = new StringWriter();
        (Sample with { Options = Sample.Options with { Workload = Workload.IsRead } }).WriteTo(writer);
        Assert.Contains("not involved: reads come from memory", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_be_json_with_every_percentile_when_formatted_for_programs()
    {
        using var json = JsonDocument.Parse(BenchJson.Format(Sample));
        var call = json.RootElement.GetProperty("calls")[0];
        Assert.Equal(950_100, call.GetProperty("p99Ns").GetInt64());
        Assert.Equal(320_000, call.GetProperty("idsPerSecond").GetDouble());
        Assert.False(json.RootElement.GetProperty("sound").GetBoolean());
    }
}
