using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>power</c>: as <c>crash</c>, on a real file system that loses its power at the kill. With
/// <c>--without-fdatasync</c> the node's fdatasync does nothing, and the verb holds only if the loss is seen: the proof that
/// the harness can see one.
/// </summary>
internal static class PowerVerb
{
    private const int RoundsPerFileSystem = 20;
    private const int Megabytes = 512;

    /// <summary>Runs the rounds.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        string kind = options.Text("--fs") ?? "ext4";
        if (kind is not ("ext4" or "xfs"))
            throw new UsageException($"--fs is ext4 or xfs, not '{kind}'");
        int rounds = options.Number("--rounds", otherwise: 50, atLeast: 1);
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        int acknowledged = options.Number("--acknowledged", otherwise: 1_000, atLeast: 1);
        bool withoutSync = options.Has("--without-fdatasync");
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();

        string verb = $"power fs={kind} seed={seed}{(withoutSync ? " without fdatasync" : "")}";
        if (!Signals.IsRoot || Tool.Missing([.. LoopFileSystem.Programs(kind), .. withoutSync ? ["gcc"] : Array.Empty<string>()]) is not null)
        {
            report.Skip($"{verb}: needs root and {string.Join(", ", LoopFileSystem.Programs(kind))}{(withoutSync ? ", gcc" : "")}");
            return report.Finish(verb);
        }

        report.Say($"{verb} rounds={rounds} connections={Fleet.Connections}");
        for (int done = 0; done < rounds && report.FailedCount == 0; done += RoundsPerFileSystem)
        {
            int some = Math.Min(RoundsPerFileSystem, rounds - done);
            try
            {
                await (withoutSync
                    ? PowerRounds.SeeLossAsync(binary, kind, Megabytes, some, seed + done, acknowledged, report)
                    : PowerRounds.RunAsync(binary, kind, Megabytes, some, seed + done, acknowledged, report));
            }
            catch (Exception failure) when (Verdict.IsFinding(failure))
            {
                report.Fail(failure.Message);
            }
        }

        return report.Finish(verb);
    }
}
