using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-rolling</c>: every node stopped with SIGTERM and started again, one after the other, under callers that try other nodes: no call may fail,
/// and what was acknowledged is read back at once.
/// </summary>
internal static class ClusterRollingVerb
{
    private const int CallsBetween = 200;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int rounds = options.Number("--rounds", otherwise: 3, atLeast: 1);
        int callers = options.Number("--callers", otherwise: 16, atLeast: 1);
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        var settings = new TrioSettings { Partitions = 3 };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 1);
        await ClusterRun.RunAsync("cluster-rolling", binary, settings, fleet, report, async trio =>
        {
            await using PatientCallers load = PatientCallers.Begin(trio, callers);
            for (int round = 0; round < rounds; round++)
                report.Say($"round {round + 1}: the longest call took {string.Join(", ", await RollAsync(trio, load))}");
            report.Check(
                load.Failed.Count == 0,
                $"{rounds * trio.Members.Count} restarts, {load.Calls} calls answered after {load.Repeats} repeats, {load.Failed.Count} failed",
                string.Join(Environment.NewLine, load.Failed.Take(10)));
        });
        return report.Finish($"cluster-rolling seed={seed}");
    }

    private static async Task<List<string>> RollAsync(Trio trio, PatientCallers callers)
    {
        List<string> longest = [];
        foreach (Member member in trio.Members)
        {
            await trio.WhenLevelOrNearAsync();
            await callers.MoreAsync(CallsBetween, Bound);
            callers.TakeLongest();
            await member.TerminateAsync();
            await member.StartAsync();
            await callers.MoreAsync(CallsBetween, Bound);
            longest.Add($"{callers.TakeLongest().TotalMilliseconds:0} ms ({member.Name})");
        }

        return longest;
    }
}
