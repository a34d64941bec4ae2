using System.Diagnostics;
using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Benchmarks.Replicated;

/// <summary>
/// <c>memory</c>: what a leader occupies under a steady load with both followers level, and with one frozen (SIGSTOP) while it falls behind.
/// The read sets are all there after the warm-up, so the table does not grow; failure detectors are patient, so nobody is given up.
/// The two are measured in turn, because the collector and the allocator move the resident size by more than what is looked for.
/// </summary>
internal static class FollowerMemoryWorkload
{
    private const int Nodes = 3;
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(250);
    private static readonly IReadOnlyList<string> Patient = ["akka.cluster.failure-detector.acceptable-heartbeat-pause=1h", "bitark.replication.dead-after=1h"];

    public static async Task RunAsync(Options options)
    {
        var binary = NodeBinary.Find(options);
        var callers = options.Number("--callers", 64, atLeast: 1);
        var connections = options.Number("--connections", 2, atLeast: 1);
        var batch = options.Number("--batch", 16, atLeast: 1);
        var duration = ClusterVerbs.Seconds(options, "--seconds", 20);
        var rounds = options.Number("--rounds", 3, atLeast: 1);
        options.RefuseUnknown();

        using var scratch = new ScratchDirectory("bench");
        await using var nodes = await NodeProcesses.StartAsync(binary, NodePlan.Of(Nodes, scratch, [.. NodePlan.NoSnapshots, .. Patient]));
        await using var target = new GrpcTarget(nodes, connections);
        var load = new CallLoad(target, callers, batch);
        ClusterVerbs.Say($"{callers} callers, {batch} marks a write, {duration.TotalSeconds} s each; the second half of each counts");
        _ = await load.RunAsync(duration);
        var grown = new List<(double Resident, double Heap)>();
        for (var round = 0; round < rounds; round++)
        {
            await nodes.WhenLevelAsync();
            var level = await SampleAsync("both level", nodes, load, duration);
            await nodes.Last.Running.FreezeAsync();
            var behind = await SampleAsync("one frozen", nodes, load, duration);
            nodes.Last.Running.Resume();
            grown.Add((behind.Resident - level.Resident, behind.Heap - level.Heap));
            ClusterVerbs.Say($"one frozen - both level: resident {grown[^1].Resident / (1 << 20):+0.0;-0.0} MiB, managed heap {grown[^1].Heap / (1 << 20):+0.0;-0.0} MiB");
        }

        ClusterVerbs.Say($"medians of {rounds}: resident {ClusterVerbs.Median(grown.Select(one => one.Resident)) / (1 << 20):+0.0;-0.0} MiB, managed heap {ClusterVerbs.Median(grown.Select(one => one.Heap)) / (1 << 20):+0.0;-0.0} MiB (aim: <= +2)");
    }

    private static async Task<(double Resident, double Heap)> SampleAsync(string what, NodeProcesses nodes, CallLoad load, TimeSpan duration)
    {
        var (resident, heap) = (new List<double>(), new List<double>());
        var running = load.RunAsync(duration);
        var start = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(Sample);
        while (Stopwatch.GetElapsedTime(start) < duration && await ticks.WaitForNextTickAsync())
        {
            resident.Add(nodes.Leader.Running.ResidentBytes());
            heap.Add(await Metrics.SumAsync(nodes.Leader.Running, "dotnet_gc_last_collection_heap_size_bytes"));
        }

        var lag = await load.Target.WorstLagBytesAsync();
        var calls = await running;
        ClusterVerbs.Say($"{what}: resident {Steps(resident)}, heap after collections {Steps(heap)}; {calls.TotalCount / duration.TotalSeconds:N0} writes/s, at most {lag:N0} B behind");
        return (SecondHalf(resident), SecondHalf(heap));
    }

    private static double SecondHalf(List<double> samples) => ClusterVerbs.Median(samples.Skip(samples.Count / 2));

    private static string Steps(List<double> samples) =>
        $"{string.Join(" -> ", Enumerable.Range(0, 5).Select(step => (long)samples[step * (samples.Count - 1) / 4] >> 20))} MiB";
}
