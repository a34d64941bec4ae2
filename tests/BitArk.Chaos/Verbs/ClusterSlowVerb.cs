using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-slow</c>: one follower gets a tenth of the time (stopped and continued); the leader's memory and the callers'
/// latency are compared with the same load without that, in pairs of which every second one begins with the slow half: what the
/// machine does meanwhile, and what a run leaves behind, falls on both. The figures are printed, the median of the pairs is the
/// result; only that the follower becomes Slow and catches up is asserted.
/// </summary>
internal static class ClusterSlowVerb
{
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(5);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        int seconds = options.Number("--seconds", otherwise: 30, atLeast: 5);
        int pairs = options.Number("--pairs", otherwise: 3, atLeast: 1);
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
        await ClusterRun.RunAsync("cluster-slow", binary, settings, fleet, report, trio => MeasureAsync(trio, fleet, pairs, TimeSpan.FromSeconds(seconds), report));
        return report.Finish($"cluster-slow seed={seed}");
    }

    private static async Task MeasureAsync(Trio trio, ClusterFleet fleet, int pairs, TimeSpan during, Report report)
    {
        Member slow = trio.Members[2];
        await using (Load load = Load.Begin(fleet, [trio.Leader]))
        {
            await Task.Delay(Warm);
            var measured = new SlowPairs(trio, slow, fleet, during, report);
            for (int pair = 0; pair < pairs; pair++)
                await measured.RunAsync(slowFirst: pair % 2 == 1);
            measured.SayMedian();
            report.Check(measured.Statuses.Contains("Slow"), $"the throttled follower becomes Slow; behind by at most {measured.WorstLagBytes} bytes", string.Join(", ", measured.Statuses));
            report.Pass("each time it is Alive and near again while writes go on");
        }

        await ClusterVerdict.CheckReadsAsync(trio, fleet, "the throttle ended", report);
        report.Check(slow.Count("fetches the leader's snapshot") == 0, "it caught up from the log alone");
        await ClusterVerdict.CheckEqualAsync(trio, report);
    }
}
