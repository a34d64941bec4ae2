using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-rot</c>: one bit of a stopped follower's durable log flips. It starts damaged and serves nothing, as long as the
/// leader is away; then it is repaired by a full sync and equal to the others.
/// </summary>
internal static class ClusterRotVerb
{
    private const int HeaderBytes = 64;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StaysFor = TimeSpan.FromSeconds(2);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-rot seed={seed}");
        // No snapshot by itself: a start then reads all of the log.
        var settings = new TrioSettings { Partitions = 1, SnapshotEveryBytes = 1 << 30 };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 8);
        await ClusterRun.RunAsync("cluster-rot", binary, settings, fleet, report, async trio =>
        {
            await using (Load load = Load.Begin(fleet, trio.Members))
                await load.AcknowledgesAsync(6_000, Bound);
            await trio.WhenLevelAsync();
            await RotAsync(trio, new Random(seed), report);
            await using (Load load = Load.Begin(fleet, trio.Members))
                await load.AcknowledgesAsync(500, Bound);
            await ClusterVerdict.CheckReadsAsync(trio, fleet, "after the repair", report);
            await ClusterVerdict.CheckEqualAsync(trio, report);
        });
        return report.Finish($"cluster-rot seed={seed}");
    }

    private static async Task RotAsync(Trio trio, Random random, Report report)
    {
        // Of two that are left one would lead, and repair it at once.
        (Member follower, Member first) = (trio.Members[2], trio.Members[0]);
        await follower.TerminateAsync();
        await first.TerminateAsync();
        string segment = follower.Files(0, "wal", "*.wal").First(path => Bytes.EndOfContent(path) > HeaderBytes);
        long offset = random.NextInt64(HeaderBytes, Bytes.EndOfContent(segment));
        Bytes.Flip(segment, offset);
        report.Say($"flipped a bit of {Path.GetFileName(segment)} at 0x{offset:X}");

        follower.Launch();
        bool isDamaged = await Eventually.HoldsAsync(() => follower.Count("is damaged and serves nothing") > 0 || follower.Running.HasExited, Bound);
        string? said = follower.Lines.LastOrDefault(line => line.Contains("is damaged and serves nothing", StringComparison.Ordinal));
        report.Check(
            isDamaged && said?.Contains(Path.GetFileNameWithoutExtension(segment), StringComparison.Ordinal) == true,
            $"it starts damaged and names the file: {said?.Trim()}",
            follower.Running.Tail(25));
        await CheckServesNothingAsync(follower, report);

        // A process that ended would be started again by whatever supervises it; this one goes on by itself.
        await first.StartAsync();
        await follower.ServesAsync();
        await trio.WhenLevelAsync();
        double syncs = await Metrics.SumAsync(follower.Running, "bitark_partition_full_syncs_total");
        report.Check(syncs >= 1, $"repaired by {syncs} full sync, counted");
        report.Check(follower.Count("has caught up and votes again") > 0, "it votes again, having caught up");
    }

    private static async Task CheckServesNothingAsync(Member follower, Report report)
    {
        using var reader = new ReplicaReader(follower);
        var key = new ReadSetKey(NamespaceId.Default, new UserId(1_000), new ChannelId(0));
        var answers = new HashSet<string>(StringComparer.Ordinal);
        await Eventually.HoldsAsync(
            async () =>
            {
                answers.Add(await reader.RefusalAsync(key) ?? "served");
                return false;
            },
            StaysFor);
        report.Check(answers.All(answer => answer is "RECOVERING" or "STORAGE_FAILED" or "NO_LEADER"), $"ANY reads of the damaged replica: {string.Join(", ", answers)}");
    }
}
