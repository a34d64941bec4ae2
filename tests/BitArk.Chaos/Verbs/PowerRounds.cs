using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>The rounds of <see cref="PowerVerb"/> over one file system.</summary>
internal static class PowerRounds
{
    /// <summary>Power cuts under a sound node: nothing may be lost.</summary>
    public static async Task RunAsync(string binary, string kind, int megabytes, int rounds, int seed, int acknowledged, Report report)
    {
        using var scratch = new ScratchDirectory($"power-{kind}");
        await using LoopFileSystem disk = await LoopFileSystem.CreateAsync(scratch.FullPath, kind, megabytes);
        var settings = new NodeSettings { DataDirectory = Path.Combine(disk.MountPoint, "data") };
        var kills = new KillRounds(binary, settings, seed, acknowledged);
        NodeProcess? node = null;
        try
        {
            node = await kills.RestartAsync(settings);
            for (int round = 1; round <= rounds; round++)
            {
                (KillMoment moment, long count) = await kills.WriteAndEndAsync(node, running => CutAsync(running, disk));
                await node.DisposeAsync();
                await disk.RemountAsync();
                node = await kills.RestartAsync(settings);
                List<Finding> findings = await kills.Clients.CompareAsync(node.Grpc);
                if (!report.Check(findings.Count == 0, $"{kind} round {round}: power cut ({moment}) after {count} acknowledged", Evidence.Say(findings)))
                    break;
            }
        }
        finally
        {
            if (node is not null)
                await node.DisposeAsync();
        }

        report.Say(kills.Summary());
        Verdict.CheckRefusals(kills, report);
    }

    /// <summary>The same with a node whose fdatasync does nothing: at least one round must lose data, or the harness is blind.</summary>
    public static async Task SeeLossAsync(string binary, string kind, int megabytes, int rounds, int seed, int acknowledged, Report report)
    {
        int lossy = 0;
        using var scratch = new ScratchDirectory($"no-sync-{kind}");
        string library = await SyncShim.BuildAsync(scratch.FullPath) ?? throw new ToolException("gcc is gone");
        string proof = scratch.At("skipped");
        for (int round = 1; round <= rounds; round++)
        {
            await using LoopFileSystem disk = await LoopFileSystem.CreateAsync(scratch.FullPath, kind, megabytes);
            var settings = new NodeSettings { DataDirectory = Path.Combine(disk.MountPoint, "data") };
            // The directory is made by a sound node, so that it is marks that get lost and not everything.
            await using (NodeProcess first = await NodeProcess.StartAsync(binary, settings))
                await first.TerminateAsync();
            await Tool.MustRunAsync("sync", "-f", settings.DataDirectory);

            var kills = new KillRounds(binary, settings, seed + round, acknowledged);
            await using (NodeProcess unsafeNode = await NodeProcess.StartAsync(binary, settings with { Environment = SyncShim.WithoutDataSync(library, proof) }))
                await kills.WriteAndEndAsync(unsafeNode, running => CutAsync(running, disk));
            await disk.RemountAsync();
            string seen = await LossAsync(binary, settings, kills);
            lossy += seen.Length > 0 ? 1 : 0;
            report.Say($"{kind} round {round} without fdatasync: {(seen.Length > 0 ? seen : "nothing lost")}");
        }

        int skipped = File.Exists(proof) ? File.ReadLines(proof).Count() : 0;
        report.Check(skipped > 0 && lossy > 0, $"{kind}: with {skipped} fdatasyncs taken out, {lossy} of {rounds} power cuts were seen to lose data");
    }

    private static async Task<string> LossAsync(string binary, NodeSettings settings, KillRounds kills)
    {
        try
        {
            await using NodeProcess after = await NodeProcess.StartAsync(binary, settings);
            List<Finding> findings = await kills.Clients.CompareAsync(after.Grpc);
            return findings.Count == 0 ? "" : $"{findings.OfType<Finding.Lost>().Count()} read sets lost acknowledged marks: {Evidence.Say(findings)}";
        }
        catch (Exception refused) when (Verdict.IsFinding(refused))
        {
            return $"the start is refused, or not everything can be read: {string.Join(' ', refused.Message.Split(Environment.NewLine).Take(2))}";
        }
    }

    private static async Task CutAsync(NodeProcess node, LoopFileSystem disk)
    {
        // Frozen first: a sync that is under way could otherwise finish after the cut and be acknowledged.
        await node.FreezeAsync();
        await disk.CutPowerAsync();
        await node.KillAsync();
    }
}
