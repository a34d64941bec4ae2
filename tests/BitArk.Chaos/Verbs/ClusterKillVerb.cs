using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-kill</c>: three nodes under write load through any of them; <c>kill -9</c> and restart of the followers and of
/// the leader at random moments. After each round every replica reads as acknowledged; at the end the logs are byte-identical.
/// </summary>
internal static class ClusterKillVerb
{
    private const int GiveUpAfterFailures = 3;
    private const int AcknowledgedPerRound = 8_000;
    private static readonly TimeSpan ProgressBound = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int rounds = options.Number("--rounds", otherwise: 30, atLeast: 1);
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-kill seed={seed} rounds={rounds}");
        var settings = new TrioSettings { SnapshotEveryBytes = 64 << 10 };
        var fleet = new ClusterFleet(seed, settings.Partitions, operationsPerWrite: 8);
        var kills = new ClusterKills(seed);
        await ClusterRun.RunAsync("cluster-kill", binary, settings, fleet, report, async trio =>
        {
            for (int round = 1; round <= rounds && report.FailedCount < GiveUpAfterFailures; round++)
                await RoundAsync(trio, fleet, kills, round, report);
            await ClusterVerdict.CheckEqualAsync(trio, report);
        });
        report.Say($"kills: {kills}");
        return report.Finish($"cluster-kill seed={seed}");
    }

    private static async Task RoundAsync(Trio trio, ClusterFleet fleet, ClusterKills kills, int round, Report report)
    {
        long before = fleet.Acknowledged;
        string happened;
        await using (Load load = Load.Begin(fleet, trio.Members))
        {
            await load.AcknowledgesAsync(AcknowledgedPerRound / 2, ProgressBound);
            happened = await kills.HappenAsync(trio);
            await trio.ReviveAsync();
            await load.AcknowledgesAsync(AcknowledgedPerRound / 2, ProgressBound);
        }

        await ClusterVerdict.CheckReadsAsync(trio, fleet, $"round {round}: {happened}, {fleet.Acknowledged - before} acknowledged", report);
    }
}
