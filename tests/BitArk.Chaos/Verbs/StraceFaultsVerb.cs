using BitArk.Chaos.Faults;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>strace-faults</c>: the storage script with a fault at every single one of its system calls: failed syncs, a full
/// device, writes cut short, and death.
/// </summary>
internal static class StraceFaultsVerb
{
    private const int GiveUpAfterFailures = 20;

    /// <summary>Runs them all, or every K-th of each kind.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int every = options.Number("--every", otherwise: 1, atLeast: 1);
        options.RefuseUnknown();
        string verb = $"strace-faults every={every}";
        if (Tool.Missing("strace") is not null)
        {
            report.Skip($"{verb}: needs strace");
            return report.Finish(verb);
        }

        using var scratch = new ScratchDirectory("faults");
        StraceRun clean = await StraceRun.RunAsync(scratch.At("clean"), scratch.At("clean.acked"), injection: null);
        if (!report.Check(clean.Outcome.ExitCode == 0, "the script without a fault", clean.Outcome.All))
            return report.Finish(verb);
        Dictionary<string, int> counts = clean.Count();
        report.Say($"the script makes {counts.Values.Sum()} calls: {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}");

        var script = new FaultedScript(scratch);
        foreach ((string title, IEnumerable<Injection> injections) in Plan(counts))
        {
            int tried = 0, failed = report.FailedCount;
            foreach (Injection injection in injections.Where(injection => every == 1 || injection.At % every == 1 || injection.At == counts[injection.Call]))
            {
                tried++;
                if (await script.TryAsync(injection) is { } wrong)
                    report.Fail($"{injection}: {wrong}");
                if (report.FailedCount >= GiveUpAfterFailures)
                    return report.Finish(verb);
            }

            if (report.FailedCount == failed)
                report.Pass($"{title}: {tried} runs, {script.TakeSummary()}");
        }

        await TrueShortWritesAsync(script, counts["pwrite64"], every, report);
        scratch.IsKept = report.FailedCount > 0;
        return report.Finish(verb);
    }

    private static IEnumerable<(string Title, IEnumerable<Injection> Injections)> Plan(Dictionary<string, int> counts)
    {
        IEnumerable<Injection> At(string call, string what) => Enumerable.Range(1, counts[call]).Select(at => new Injection(call, what, at));
        yield return ("EIO at every fdatasync", At("fdatasync", Injection.Faults.InputOutput));
        yield return ("EIO at every fsync", At("fsync", Injection.Faults.InputOutput));
        yield return ("EIO at every rename", At("rename", Injection.Faults.InputOutput));
        yield return ("EIO at every unlink", At("unlink", Injection.Faults.InputOutput));
        yield return ("ENOSPC at every pwrite", At("pwrite64", Injection.Faults.NoSpace));
        yield return ("nothing written at every pwrite", At("pwrite64", Injection.Faults.Nothing));
        yield return ("ten bytes said to be written at every pwrite", At("pwrite64", Injection.Faults.Short));
        foreach (string call in StraceRun.Calls)
            yield return ($"SIGKILL at every {call}", At(call, Injection.Faults.Kill));
    }

    private static async Task TrueShortWritesAsync(FaultedScript script, int writes, int every, Report report)
    {
        if (await script.BuildShimAsync() is not { } library)
        {
            report.Skip("writes really cut short: needs gcc");
            return;
        }

        int tried = 0, failed = report.FailedCount;
        for (int at = 1; at <= writes; at += every)
        {
            tried++;
            if (await script.TryShortWriteAsync(library, at) is { } wrong)
                report.Fail($"pwrite #{at} really cut short: {wrong}");
        }

        if (report.FailedCount == failed)
            report.Pass($"ten bytes really written at every pwrite: {tried} runs, {script.TakeSummary()}");
    }
}
