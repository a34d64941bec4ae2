using BitArk.Chaos.ClusterFaults;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-faults</c>: three nodes under clients that remember everything, and one fault at a time at a moment of chance. At the end the log is
/// put together and the whole history judged by it. <c>cluster-power</c>, <c>cluster-pause</c> and <c>cluster-split</c> are the same with one kind of fault.
/// </summary>
internal static class ClusterFaultsVerb
{
    /// <summary>All kinds, or those asked for.</summary>
    public static Task<int> RunAsync(Options options, Report report) => RunAsync("cluster-faults", FaultOptions.Read(options, faults: 30), options, report);

    /// <summary>All nodes lose their power at once, again and again.</summary>
    public static Task<int> PowerAsync(Options options, Report report) => RunAsync("cluster-power", FaultOptions.Read(options, faults: 50, "--rounds", "blackout"), options, report);

    /// <summary>A leader stands still for long.</summary>
    public static Task<int> PauseAsync(Options options, Report report) => RunAsync("cluster-pause", FaultOptions.Read(options, faults: 3, "--rounds", "pause"), options, report);

    /// <summary>A leader alone on its side of the network.</summary>
    public static Task<int> SplitAsync(Options options, Report report) => RunAsync("cluster-split", FaultOptions.Read(options, faults: 3, "--rounds", "split"), options, report);

    private static async Task<int> RunAsync(string verb, FaultOptions asked, Options options, Report report)
    {
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        if (!PrivateNetwork.IsInside && asked.Kinds.Any(kind => kind.Needs == FaultNeeds.Network) && await PrivateNetwork.IsPossibleAsync())
            return await PrivateNetwork.EnterAsync();
        report.Say($"{verb} seed={asked.Seed} faults={asked.Faults} clusters={asked.Clusters} profile={asked.Profile} kinds={string.Join(',', asked.Kinds.Select(kind => kind.Name))}");
        FaultKind[] possible = [.. asked.Kinds.Where(kind => kind.IsPossible)];
        foreach (FaultKind missing in asked.Kinds.Except(possible))
            report.Skip($"{missing.Name}: this machine does not allow it (root; iproute2, strace, e2fsprogs, xfsprogs)");
        var happened = new List<string>();
        for (int cluster = 0; possible.Length > 0 && cluster < asked.Clusters && report.FailedCount == 0; cluster++)
        {
            var run = new FaultRun(verb, binary, asked with { Kinds = possible }, asked.Seed + cluster, report);
            await run.RunAsync(Picture(asked, cluster));
            happened.AddRange(run.Kinds);
        }

        report.Say($"faults: {string.Join(", ", happened.GroupBy(kind => kind).OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Key} {kind.Count()}"))}; {happened.Count} in all");
        return report.Finish($"{verb} seed={asked.Seed}");
    }

    private static string? Picture(FaultOptions asked, int cluster) =>
        asked.Picture is null || asked.Clusters == 1 ? asked.Picture : Path.ChangeExtension(asked.Picture, $"{cluster + 1}{Path.GetExtension(asked.Picture)}");
}
