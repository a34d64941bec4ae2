using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-gc</c>: what the leader's log keeps for its followers. Windowed: one that stands still holds nothing back beyond
/// its window, the disk in use stays bounded, and the follower that is well is streamed to all the while. Conservative: a slow one holds the log.
/// </summary>
internal static class ClusterGcVerb
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-gc seed={seed}");
        await RunModeAsync("windowed", GcRounds.WindowedAsync, binary, seed, report);
        await RunModeAsync("conservative", GcRounds.ConservativeAsync, binary, seed + 1, report);
        return report.Finish($"cluster-gc seed={seed}");
    }

    private static async Task RunModeAsync(
        string mode, Func<Trio, ClusterFleet, Report, Task> rounds, string binary, int seed, Report report)
    {
        report.Say($"-- gc.mode = {mode}");
        var settings = new TrioSettings
        {
            Partitions = 1,
            SnapshotEveryBytes = 128 << 10,
            More =
            [
                $"bitark.gc.mode={mode}",
                "bitark.replication.send-window-bytes=64KiB",
                // A frozen follower is to be late here, not dead.
                "bitark.replication.dead-after=60s",
                "akka.cluster.failure-detector.acceptable-heartbeat-pause=60s",
            ],
        };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 4, operationsPerWrite: 200);
        await ClusterRun.RunAsync($"cluster-gc-{mode}", binary, settings, fleet, report, trio => rounds(trio, fleet, report));
    }
}
