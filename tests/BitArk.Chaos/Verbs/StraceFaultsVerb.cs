using BitArk.Chaos.Faults;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>strace-faults</c>: the storage script with a fault at every single one of its system calls: failed syncs, a full
/// device, writes cut short, and death. <c>--only TEXT</c> takes the kinds whose title contains the text.
/// </summary>
internal static class StraceFaultsVerb
{
    private const int GiveUpAfterFailures = 20;

    private static readonly (string Title, string What)[] RecoveryFaults =
    [
        ("SIGKILL at every call of a recovery", Injection.Faults.Kill),
        ("EIO at every call of a recovery", Injection.Faults.InputOutput),
    ];

    /// <summary>Runs them all, or every K-th of each kind.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int every = options.Number("--every", otherwise: 1, atLeast: 1);
        string only = options.Text("--only") ?? "";
        options.RefuseUnknown();
        string verb = $"strace-faults every={every}{(only.Length > 0 ? $" only={only}" : "")}";
        if (Tool.Missing("strace") is not null)
        {
            report.Skip($"{verb}: needs strace");
            return report.Finish(verb);
        }

        using var scratch = new ScratchDirectory("faults");
        StraceRun clean = await StraceRun.ScriptAsync(scratch.At("clean"), scratch.At("clean.acked"), injection: null);
        if (!report.Check(clean.Outcome.ExitCode == 0, "the script without a fault", clean.Outcome.All))
            return report.Finish(verb);
        Dictionary<string, int> counts = clean.Count();
        report.Say($"the script makes {counts.Values.Sum()} calls: {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}");

        var script = new FaultedScript(scratch);
        foreach ((string title, IEnumerable<Injection> injections) in Plan(counts).Where(kind => kind.Title.Contains(only, StringComparison.Ordinal)))
            await TryAllAsync(title, injections.Where(injection => IsTried(injection.At, counts[injection.Call], every)), script, script.TryAsync, report);

        await RecoveriesAsync(script, every, only, report);
        await TrueShortWritesAsync(script, counts["pwrite64"], every, only, report);

        scratch.IsKept = report.FailedCount > 0;
        return report.Finish(verb);
    }

    private static bool IsTried(int at, int last, int every) => every == 1 || at % every == 1 || at == last;

    private static async Task TryAllAsync(
        string title, IEnumerable<Injection> injections, FaultedScript script, Func<Injection, Task<string?>> tryOne, Report report)
    {
        int tried = 0, failed = report.FailedCount;
        foreach (Injection injection in injections.TakeWhile(_ => report.FailedCount < GiveUpAfterFailures))
        {
            tried++;
            if (await tryOne(injection) is { } wrong)
                report.Fail($"{title}: {injection}: {wrong}");
        }

        string summary = script.TakeSummary();
        if (report.FailedCount == failed)
            report.Pass($"{title}: {tried} runs, {summary}");
    }

    private static async Task RecoveriesAsync(FaultedScript script, int every, string only, Report report)
    {
        (string Title, string What)[] kinds = [.. RecoveryFaults.Where(kind => kind.Title.Contains(only, StringComparison.Ordinal))];
        if (kinds.Length == 0)
            return;

        Dictionary<string, int> counts = await script.LeaveCrashAsync();
        report.Say($"a recovery makes {counts.Values.Sum()} calls: {string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"))}");
        foreach ((string title, string what) in kinds)
        {
            IEnumerable<Injection> injections = counts.SelectMany(count =>
                Enumerable.Range(1, count.Value).Where(at => IsTried(at, count.Value, every)).Select(at => new Injection(count.Key, what, at)));
            await TryAllAsync(title, injections, script, script.TryRecoveryAsync, report);
        }
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

    private static async Task TrueShortWritesAsync(FaultedScript script, int writes, int every, string only, Report report)
    {
        const string title = "at most ten bytes really written at every pwrite";
        if (!title.Contains(only, StringComparison.Ordinal))
            return;
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
            report.Pass($"{title}: {tried} runs, {script.TakeSummary()}");
    }
}
