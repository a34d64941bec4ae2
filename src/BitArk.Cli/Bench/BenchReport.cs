using System.Globalization;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Bench;

/// <summary>What a run measured and everything it must say beside the figures for them to mean something.</summary>
internal sealed record BenchReport
{
    public required TargetFacts Target { get; init; }

    public required BenchOptions Options { get; init; }

    /// <summary>What a latency covers.</summary>
    public required string Timing { get; init; }

    public required IReadOnlyList<CallFigures> Calls { get; init; }

    /// <summary>From the window's begin to its end, or to the last answer when that came later.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Calls of an open loop that were due and never got a caller.</summary>
    public long NotStarted { get; init; }

    /// <summary>Read sets written before the run so that there was something to read.</summary>
    public long Preloaded { get; init; }

    public TimeSpan OwnCpu { get; init; }

    /// <summary>Null when the node's process is unknown.</summary>
    public TimeSpan? NodeCpu { get; init; }

    /// <summary>Bytes the garbage collector handed out in this process during the window.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Whether every call that was due was made and succeeded.</summary>
    public bool IsSound => NotStarted == 0 && Calls.Count > 0 && Calls.All(call => call.Failed == 0);

    /// <summary>Writes the report.</summary>
    public void WriteTo(TextWriter writer)
    {
        var loop = Options.Rate is { } rate ? $"open loop at {Figures.Count(rate)} calls/s" : "closed loop";
        writer.WriteLine($"target      {Target.Name}, {Target.Partitions} partition{(Target.Partitions == 1 ? "" : "s")}");
        writer.WriteLine($"durability  {(Options.Writes ? Target.Durability : "not involved: reads come from memory")}");
        if (Target.Data.Length > 0)
        {
            writer.WriteLine($"data        {Target.Data}");
        }

        writer.WriteLine($"load        {WorkloadText()}, {loop}, {Options.Callers} callers");
        writer.WriteLine($"keys        {Figures.Count(Options.Users)} users x {Figures.Count(Options.Channels)} channels x {Figures.Count(Options.Messages)} messages, uniform, seed {Options.Seed}; {Figures.Count(Preloaded)} read sets written before");
        writer.WriteLine($"timed       {Timing}");
        writer.WriteLine($"measured    {Figures.Seconds(Elapsed)} after {Figures.Seconds(Options.Warmup)} of warm-up");
        writer.WriteLine($"cpu         {CpuText()}");
        writer.WriteLine();
        writer.WriteLine(Row("call", "calls/s", "ids/s", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "max", "failed"));
        foreach (var call in Calls)
        {
            writer.WriteLine(Row(
                Name(call.Kind),
                Figures.Rate(call.Succeeded, Elapsed),
                Figures.Rate((double)call.Succeeded * IdsPerCall(call.Kind), Elapsed),
                Figures.Latency(call.MeanNs),
                Figures.Latency(call.P50Ns),
                Figures.Latency(call.P90Ns),
                Figures.Latency(call.P99Ns),
                Figures.Latency(call.P999Ns),
                Figures.Latency(call.P9999Ns),
                Figures.Latency(call.MaxNs),
                Figures.Count(call.Failed)));
        }

        WriteFailures(writer);
    }

    /// <summary>Ids that a call of a kind marks or looks up.</summary>
    public int IdsPerCall(CallKind kind) => kind switch
    {
        CallKind.Batch => Options.Batch,
        CallKind.AreRead => Options.Ids,
        _ => 1,
    };

    /// <summary>The name of a kind of call, as on the command line.</summary>
    public static string Name(CallKind kind) => kind switch
    {
        CallKind.Mark => "mark",
        CallKind.Batch => "batch",
        CallKind.IsRead => "is-read",
        CallKind.AreRead => "are-read",
        _ => throw new InvalidOperationException($"no call of kind {kind}"),
    };

    private static string Row(params ReadOnlySpan<string> cells)
    {
        var row = cells[0].PadRight(9);
        for (var i = 1; i < cells.Length; i++)
        {
            row += cells[i].PadLeft(12);
        }

        return row;
    }

    private void WriteFailures(TextWriter writer)
    {
        foreach (var call in Calls)
        {
            foreach (var (reason, count) in call.Failures.OrderByDescending(failure => failure.Value))
            {
                writer.WriteLine($"FAILED {Name(call.Kind)} {reason}: {Figures.Count(count)}");
            }
        }

        if (NotStarted > 0)
        {
            writer.WriteLine($"NOT STARTED {Figures.Count(NotStarted)} calls that were due: the target can't keep up with this rate, or --callers is too low");
        }
    }

    private string WorkloadText() => Options.Workload switch
    {
        Workload.Mark => "mark (one id a call)",
        Workload.Batch => $"batch ({Options.Batch} marks a call)",
        Workload.IsRead => "is-read (one id a call)",
        Workload.AreRead => $"are-read ({Options.Ids} ids of one read set a call)",
        Workload.Mixed => $"mixed ({Options.ReadPercent} % is-read, {100 - Options.ReadPercent} % mark)",
        _ => throw new InvalidOperationException($"no workload {Options.Workload}"),
    };

    private string CpuText()
    {
        var calls = Calls.Sum(call => call.Succeeded + call.Failed);
        var own = $"{(Options.Node is null ? "client and node" : "client")} {Percent(OwnCpu)} of one core";
        var node = Options.Node is null ? "" : NodeCpu is { } cpu ? $", node {Percent(cpu)}" : ", node unknown (name it with --node-pid)";
        var allocated = calls == 0 ? "" : $"; {Figures.Count(AllocatedBytes / calls)} B allocated a call in this process";
        return own + node + allocated;
    }

    private string Percent(TimeSpan cpu) => (100 * cpu / Elapsed).ToString("F0", CultureInfo.InvariantCulture) + " %";
}
