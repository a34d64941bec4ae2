using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-recover</c>: two of three nodes lose their disks. The third serves nothing as if it were whole, until <c>bitark recover --accept-loss</c> makes
/// its copy the truth. Then all serve, and hold the same.
/// </summary>
internal static class ClusterRecoverVerb
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StaysFor = TimeSpan.FromSeconds(3);

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-recover seed={seed}");
        var settings = new TrioSettings { Partitions = 2, More = ["bitark.cluster.form-after=2s"] };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 4);
        await ClusterRun.RunAsync("cluster-recover", binary, settings, fleet, report, async trio =>
        {
            await using (Load load = Load.Begin(fleet, trio.Members))
                await load.AcknowledgesAsync(2_000, Bound);
            await trio.WhenLevelAsync();
            await LoseTwoAsync(trio, report);
            await RecoverAsync(binary, trio, report);
            await using (Load load = Load.Begin(fleet, trio.Members))
                await load.AcknowledgesAsync(500, Bound);
            await ClusterVerdict.CheckReadsAsync(trio, fleet, "after the recovery", report);
            long epoch = (await trio.TryPartitionsAsync()).Min(partition => partition.Epoch);
            report.Check(epoch > 1 << 20, $"every epoch is above all that were lost: {epoch}");
            await ClusterVerdict.CheckEqualAsync(trio, report);
        });
        return report.Finish($"cluster-recover seed={seed}");
    }

    private static async Task LoseTwoAsync(Trio trio, Report report)
    {
        Member left = trio.Members[2];
        foreach (Member member in trio.Members)
            await member.KillAsync();
        foreach (Member lost in trio.Members.Take(2))
            Directory.Delete(lost.DataDirectory, recursive: true);
        foreach (Member member in trio.Members)
            member.Launch();
        await left.ServesAsync();

        using var reader = new ReplicaReader(left);
        var key = new ReadSetKey(NamespaceId.Default, new UserId(1_000), new ChannelId(0));
        bool isLed = await Eventually.HoldsAsync(async () => (await trio.TryPartitionsAsync()).Count > 0, StaysFor);
        report.Check(!isLed && await reader.RefusalAsync(key) is null, "with two of three disks lost nobody leads; the third answers ANY reads");
    }

    private static async Task RecoverAsync(string binary, Trio trio, Report report)
    {
        Member left = trio.Members[2];
        Tool.Outcome told = await RunAsync(binary, left.DataDirectory, "--accept-loss");
        report.Check(told.ExitCode == 2 && told.All.Contains("is in use by another process", StringComparison.Ordinal), "refused while the node runs", told.All);
        foreach (Member member in trio.Members)
            await member.KillAsync();
        told = await RunAsync(binary, left.DataDirectory);
        report.Check(told.ExitCode == 0 && told.All.Contains("Nothing was changed", StringComparison.Ordinal), "without the operator's word it only looks", told.All);
        told = await RunAsync(binary, left.DataDirectory, "--accept-loss");
        report.Check(told.ExitCode == 0 && told.All.Contains("partition 1 RECOVERED", StringComparison.Ordinal), "the third copy is the truth", told.All);
        foreach (Member member in trio.Members)
            member.Launch();
        await Task.WhenAll(trio.Members.Select(member => member.ServesAsync()));
        await trio.WhenLevelAsync();
        report.Check(left.Count("Recovered by an operator") >= 2 && trio.Members.Take(2).All(member => member.Count("has caught up and votes again") > 0), "its node says what was accepted; the others have caught up and vote");
    }

    private static async Task<Tool.Outcome> RunAsync(string nodeBinary, string data, params string[] more)
    {
        string binary = nodeBinary.Replace("BitArk.Node.dll", "bitark.dll", StringComparison.Ordinal).Replace("BitArk.Node", "BitArk.Cli", StringComparison.Ordinal);
        return await Tool.RunAsync("dotnet", [binary, "recover", data, .. more]);
    }
}
