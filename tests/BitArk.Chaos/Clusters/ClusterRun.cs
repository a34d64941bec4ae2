using BitArk.Chaos.Faults;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;
using BitArk.Chaos.Verbs;

namespace BitArk.Chaos.Clusters;

/// <summary>What all verbs over a cluster have in common: a directory of its own, three nodes that end with it, and the evidence of a failure.</summary>
internal static class ClusterRun
{
    /// <summary>Starts three nodes, lets <paramref name="body"/> do its work with them, and says what was crossed.</summary>
    public static async Task RunAsync(
        string verb, string binary, TrioSettings settings, ClusterFleet fleet, Report report, Func<Trio, Task> body)
    {
        using var scratch = new ScratchDirectory(verb);
        Trio? trio = null;
        try
        {
            trio = Trio.Create(binary, scratch, settings);
            await trio.StartAsync();
            await body(trio);
        }
        catch (Exception failure) when (Verdict.IsFinding(failure))
        {
            report.Fail(failure.Message);
        }
        finally
        {
            if (trio is not null)
            {
                report.Say(ClusterVerdict.Summary(trio, fleet));
                await trio.DisposeAsync();
                if (report.FailedCount > 0)
                    KeepLines(trio);
            }
        }

        scratch.IsKept = report.FailedCount > 0;
    }

    /// <summary>Keeps what the nodes printed beside their data.</summary>
    public static void KeepLines(Trio trio)
    {
        foreach (Member member in trio.Members)
            member.KeepLines();
    }
}
