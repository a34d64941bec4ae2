using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-failover</c>: how long a client that retries gets no write acknowledged: when the leader is killed while another node coordinates,
/// when leader and coordinator are killed at once, and when the leadership is handed over. Figures are printed, none is asserted.
/// </summary>
internal static class ClusterFailoverVerb
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int rounds = options.Number("--rounds", otherwise: 10, atLeast: 1);
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string profile = options.Text("--profile") ?? "fast";
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-failover rounds={rounds} profile={profile}");
        // The failure detector as the profile has it; the other verbs are more patient with a busy machine.
        string pause = profile == "fast" ? "1s" : "2s";
        var settings = new TrioSettings { Partitions = 1, More = [$"bitark.failover.profile={profile}", $"akka.cluster.failure-detector.acceptable-heartbeat-pause={pause}"] };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 1);
        await ClusterRun.RunAsync("cluster-failover", binary, settings, fleet, report, async trio =>
        {
            List<TimeSpan> alone = [], both = [], handed = [];
            await using SteadyWriter writer = SteadyWriter.Begin(trio, session: 7_000_001);
            for (int round = 0; round < rounds; round++)
            {
                alone.Add(await KillAsync(trio, writer, coordinates: false));
                both.Add(await KillAsync(trio, writer, coordinates: true));
                handed.Add(await HandOverAsync(trio, writer));
            }

            Say(report, "leader killed, coordinator elsewhere", alone);
            Say(report, "leader and coordinator killed", both);
            Say(report, "leadership handed over", handed);
            report.Pass($"{writer.Count} writes acknowledged");
        });
        return report.Finish($"cluster-failover seed={seed}");
    }

    private static async Task<TimeSpan> KillAsync(Trio trio, SteadyWriter writer, bool coordinates)
    {
        await trio.WhenLevelOrNearAsync();
        string coordinator = await CoordinatorAsync(trio);
        Member victim = trio.Members.First(member => member.Name == coordinator == coordinates);
        await trio.GatherAsync(victim);
        await writer.MoreAsync(50, Bound);
        writer.TakeLongest();
        await victim.KillAsync();
        await writer.MoreAsync(50, Bound);
        TimeSpan longest = writer.TakeLongest();
        await victim.StartAsync();
        return longest;
    }

    private static async Task<TimeSpan> HandOverAsync(Trio trio, SteadyWriter writer)
    {
        await trio.WhenLevelOrNearAsync();
        Member next = trio.Followers.First();
        await writer.MoreAsync(50, Bound);
        writer.TakeLongest();
        await trio.GatherAsync(next);
        await writer.MoreAsync(50, Bound);
        return writer.TakeLongest();
    }

    private static async Task<string> CoordinatorAsync(Trio trio)
    {
        string coordinator = "";
        if (!await Eventually.HoldsAsync(async () => (coordinator = await trio.Views[0].TryCoordinatorAsync()).Length > 0, Bound))
            throw new NodeException("nobody coordinates");
        return coordinator;
    }

    private static void Say(Report report, string what, List<TimeSpan> times) =>
        report.Say($"{what}: median {times.Order().ElementAt(times.Count / 2).TotalMilliseconds:0} ms of {times.Count}: {string.Join(", ", times.Select(time => $"{time.TotalMilliseconds:0}"))}");
}
