using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Benchmarks.Replicated;

/// <summary>
/// <c>marks</c>: quorum marks of three nodes against those of one, with the same client and flags, in turn. Each run has nodes of its own, started
/// empty and ended before the next, so nothing else runs beside it; which of the two comes first changes each round.
/// </summary>
internal static class ClusterMarksWorkload
{
    private const int Replicas = 3;

    public static async Task RunAsync(Options options)
    {
        var run = new Run(
            NodeBinary.Find(options),
            options.Has("--in-process"),
            options.Number("--callers", 256, atLeast: 1),
            options.Number("--connections", 4, atLeast: 1),
            options.Number("--batch", 1, atLeast: 1),
            ClusterVerbs.Seconds(options, "--warm-up", 15),
            ClusterVerbs.Seconds(options, "--seconds", 10));
        var rounds = options.Number("--rounds", 3, atLeast: 1);
        options.RefuseUnknown();
        ClusterVerbs.Say($"{run.Callers} callers, {run.Batch} marks a write, {(run.IsInProcess ? "the leader in this process, called through its actors" : $"gRPC on {run.Connections} connections")}; {run.Duration.TotalSeconds} s after {run.WarmUp.TotalSeconds} s of warm-up, {Environment.ProcessorCount} cores");
        Console.WriteLine(CallFigures.Header);
        var ratios = new List<(double Rate, double P50, double P99)>();
        for (var round = 0; round < rounds; round++)
        {
            int[] order = round % 2 == 0 ? [1, Replicas] : [Replicas, 1];
            var figures = new Dictionary<int, CallFigures>();
            foreach (var nodes in order)
                figures[nodes] = await run.MeasureAsync(nodes);
            var (alone, three) = (figures[1], figures[Replicas]);
            ratios.Add((three.PerSecond / alone.PerSecond, three.P50 / alone.P50, three.P99 / alone.P99));
            ClusterVerbs.Say($"three/one    rate {ratios[^1].Rate:F2}, p50 {ratios[^1].P50:F2} x, p99 {ratios[^1].P99:F2} x");
        }

        ClusterVerbs.Say($"medians of {rounds}: rate {ClusterVerbs.Median(ratios.Select(ratio => ratio.Rate)):F2} (aim: >= 0.40), p50 {ClusterVerbs.Median(ratios.Select(ratio => ratio.P50)):F2} x (aim: <= 3), p99 {ClusterVerbs.Median(ratios.Select(ratio => ratio.P99)):F2} x");
    }

    private sealed record Run(string Binary, bool IsInProcess, int Callers, int Connections, int Batch, TimeSpan WarmUp, TimeSpan Duration)
    {
        public async Task<CallFigures> MeasureAsync(int nodes)
        {
            using var scratch = new ScratchDirectory("bench");
            var plans = NodePlan.Of(nodes, scratch);
            await using var processes = IsInProcess ? null : await NodeProcesses.StartAsync(Binary, plans);
            await using IMarkTarget target = processes is null ? await InProcessTarget.StartAsync(Binary, plans) : new GrpcTarget(processes, Connections);
            var figures = await new CallLoad(target, Callers, Batch).MeasureAsync(WarmUp, Duration);
            figures.Print(nodes == 1 ? "one node" : $"{nodes} nodes");
            return figures;
        }
    }
}
