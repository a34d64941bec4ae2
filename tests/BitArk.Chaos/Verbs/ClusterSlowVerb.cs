using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-slow</c>: one follower gets a tenth of the time (stopped and continued); the leader's memory and the callers'
/// latency are compared with the same load without that. The figures are printed; only that it becomes Slow and catches up is asserted.
/// </summary>
internal static class ClusterSlowVerb
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        int seconds = options.Number("--seconds", otherwise: 30, atLeast: 5);
        string rule = options.Text("--commit-rule") ?? "quorum";
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-slow seed={seed} commit-rule={rule}");
        var settings = new TrioSettings
        {
            Partitions = 1,
            SnapshotEveryBytes = 4 << 20,
            More =
            [
                $"bitark.commit-rule={rule}", "bitark.gc.max-lag-bytes=1GiB", "bitark.replication.send-window-bytes=64KiB",
                "bitark.replication.dead-after=60s", "akka.cluster.failure-detector.acceptable-heartbeat-pause=60s",
            ],
        };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 16, operationsPerWrite: 20);
        await ClusterRun.RunAsync("cluster-slow", binary, settings, fleet, report, trio => MeasureAsync(trio, fleet, TimeSpan.FromSeconds(seconds), report));
        return report.Finish($"cluster-slow seed={seed}");
    }

    private static async Task MeasureAsync(Trio trio, ClusterFleet fleet, TimeSpan during, Report report)
    {
        Member slow = trio.Members[2];
        var watch = new SlowWatch(trio, slow);
        await using (Load load = Load.Begin(fleet, [trio.Leader]))
        {
            await Task.Delay(Warm);
            fleet.Latencies.Take();
            await watch.SampleAsync(during);
            (int count, double median, double p99) = fleet.Latencies.Take();
            report.Say($"all well:     {count / during.TotalSeconds:0} writes/s, median {median:0.0} ms, p99 {p99:0.0} ms, leader's memory {watch.TakeMemory()}");

            await using (new DutyCycle(slow.Running))
            {
                await watch.SampleAsync(during);
                (count, double slowMedian, double slowP99) = fleet.Latencies.Take();
                report.Say($"one at 10 %:  {count / during.TotalSeconds:0} writes/s, median {slowMedian:0.0} ms, p99 {slowP99:0.0} ms ({slowP99 / p99:0.00}x), leader's memory {watch.TakeMemory()}");
            }

            report.Check(watch.Statuses.Contains("Slow"), $"the throttled follower becomes Slow; behind by at most {watch.WorstLagBytes} bytes", string.Join(", ", watch.Statuses));
            await ClusterView.MustBecomeAsync(trio, slow, "Alive", Bound);
            report.Pass("it is Alive again while writes go on");
        }

        await ClusterVerdict.CheckReadsAsync(trio, fleet, "the throttle ended", report);
        report.Check(slow.Count("fetches the leader's snapshot") == 0, "it caught up from the log alone");
        await ClusterVerdict.CheckEqualAsync(trio, report);
    }
}
