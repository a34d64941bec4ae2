using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>cluster-liveness</c>: a cluster comes to be, or to be again, although its creation was interrupted, its first seed is gone, or its nodes began apart.
/// </summary>
internal static class ClusterLivenessVerb
{
    private const int Tries = 3;

    /// <summary>Runs it.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        report.Say($"cluster-liveness seed={seed}");
        var settings = new TrioSettings { Partitions = 1, More = ["bitark.cluster.form-after=2s"] };
        var fleet = new ClusterFleet(seed, settings.Partitions, lanes: 4);
        bool isInterrupted = false;
        for (int i = 0; i < Tries && !isInterrupted; i++)
            isInterrupted = await RunOnceAsync(binary, settings, fleet, report);
        if (!isInterrupted && report.FailedCount == 0)
            report.Skip($"each of {Tries} creations was over before it could be interrupted");
        return report.Finish($"cluster-liveness seed={seed}");
    }

    // True: all was done, or something failed.
    private static async Task<bool> RunOnceAsync(string binary, TrioSettings settings, ClusterFleet fleet, Report report)
    {
        using var scratch = new ScratchDirectory("cluster-liveness");
        await using Trio trio = Trio.Create(binary, scratch, settings);
        try
        {
            if (!await Liveness.ResumeCreationAsync(trio, report))
                return false;
            await Liveness.LoseAllAndTheFirstSeedAsync(trio, fleet, report);
            await Liveness.MergeIslandsAsync(trio, fleet, report);
            await ClusterVerdict.CheckReadsAsync(trio, fleet, "at the end", report);
        }
        catch (Exception failure) when (Verdict.IsFinding(failure))
        {
            report.Fail(failure.Message);
        }
        finally
        {
            scratch.IsKept = report.FailedCount > 0;
            if (scratch.IsKept)
                ClusterRun.KeepLines(trio);
        }

        return true;
    }
}
