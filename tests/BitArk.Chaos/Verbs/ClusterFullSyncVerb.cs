using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-full-sync</c>: a follower away until its log is gone at the leader comes back by snapshot and log while writes go on.
/// The transfer is broken in the middle, a byte of it is flipped, the follower is killed in it, the leader frozen; at last the
/// follower's directory is deleted.
/// </summary>
internal static class ClusterFullSyncVerb
{
    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        int readSets = options.Number("--read-sets", otherwise: 100_000, atLeast: 1_000);
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-full-sync seed={seed}");
        var settings = new TrioSettings { Partitions = 1, HasLinks = true, SnapshotEveryBytes = 1 << 20 };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 8);
        await ClusterRun.RunAsync("cluster-full-sync", binary, settings, fleet, report, async trio =>
        {
            await Preload.WriteAsync(trio.Leader, readSets);
            var syncs = new FullSyncs(trio, fleet, report);
            await using (Load load = Load.Begin(fleet, trio.Members.Take(2)))
            {
                await syncs.BrokenAsync(load);
                await syncs.FlippedAsync(load);
                await syncs.KilledAsync(load);
                await syncs.EmptyAsync(load);
            }

            await ClusterVerdict.CheckReadsAsync(trio, fleet, "after all transfers", report);
            await ClusterVerdict.CheckEqualAsync(trio, report);
        });
        return report.Finish($"cluster-full-sync seed={seed}");
    }
}
