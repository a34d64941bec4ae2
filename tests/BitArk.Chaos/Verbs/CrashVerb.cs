using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary><c>crash</c>: rounds of writing from eight connections, <c>kill -9</c>, restart and comparison on one data directory.</summary>
internal static class CrashVerb
{
    private const int GiveUpAfterFailures = 3;
    private const int TearEvery = 3;

    /// <summary>Runs the rounds.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int rounds = options.Number("--rounds", otherwise: 200, atLeast: 1);
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        int acknowledged = options.Number("--acknowledged", otherwise: 1_000, atLeast: 1);
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();

        using var scratch = new ScratchDirectory("crash");
        var settings = new NodeSettings { DataDirectory = scratch.At("data") };
        var kills = new KillRounds(binary, settings, seed, acknowledged);
        report.Say($"crash seed={seed} rounds={rounds} connections={Fleet.Connections}");
        NodeProcess? node = null;
        int torn = 0;
        try
        {
            node = await kills.RestartAsync(settings);
            for (int round = 1; round <= rounds && report.FailedCount < GiveUpAfterFailures; round++)
            {
                (KillMoment moment, long count) = await kills.WriteAndEndAsync(node, running => running.KillAsync());
                await node.DisposeAsync();
                if (round % TearEvery == 0)
                    torn += TornTail.Plant(settings.DataDirectory, new Random(seed + round));
                await Evidence.CopyAsync(settings.DataDirectory, scratch.At("before-restart"));
                node = await kills.RestartAsync(settings);
                List<Finding> findings = await kills.Clients.CompareAsync(node.Grpc);
                if (!report.Check(findings.Count == 0, $"round {round}: killed ({moment}) after {count} acknowledged", Evidence.Say(findings)))
                    break;
            }
        }
        catch (Exception failure) when (Verdict.IsFinding(failure))
        {
            report.Fail(failure.Message);
        }
        finally
        {
            if (node is not null)
                await node.DisposeAsync();
        }

        scratch.IsKept = report.FailedCount > 0;
        report.Say(kills.Summary());
        report.Check(kills.Crossed.TornTails >= torn, $"{torn} tails were torn on purpose, and {kills.Crossed.TornTails} kept aside by recoveries");
        Verdict.CheckRefusals(kills, report);
        return report.Finish($"crash seed={seed}");
    }
}
