using BitArk.Chaos.Faults;

namespace BitArk.Chaos.Verbs;

/// <summary>Runs the storage script with one fault, then recovers what it left in another process, and judges both.</summary>
internal sealed class FaultedScript(ScratchDirectory scratch)
{
    private int _completed;
    private int _ended;
    private int _acknowledged;
    private int _inFlight;

    private string Left => scratch.At("left");

    private string LeftAcked => scratch.At("left.acked");

    /// <summary>What the runs since the last call came to.</summary>
    public string TakeSummary()
    {
        string summary = $"{_ended} ended by the fault and {_completed} went on, {_acknowledged} acknowledged writes all found, {_inFlight} times the write in flight as well";
        (_completed, _ended, _acknowledged, _inFlight) = (0, 0, 0, 0);
        return summary;
    }

    /// <summary>Null when everything held, else what did not.</summary>
    public async Task<string?> TryAsync(Injection injection)
    {
        (string directory, string acked) = Fresh();
        StraceRun run = await StraceRun.ScriptAsync(directory, acked, injection);
        if (!run.Fired)
            return "the fault did not happen, so this run proves nothing";
        // A segment that cannot be made yet carries no data: trying again later is what heals a full disk.
        bool isHealing = injection.What == Injection.Faults.NoSpace && run.At.Contains(".wal.tmp>", StringComparison.Ordinal);
        bool completed = (injection.MaySucceed || isHealing) && run.Outcome.ExitCode == 0;
        if (!completed && !injection.Kills && Misbehaviour(run) is { } wrong)
            return $"{wrong} (at {run.At})";
        Count(completed);
        return await VerifyAsync(directory, acked) is { } lost ? $"{lost} (at {run.At})" : null;
    }

    /// <summary>A write that the kernel really cut short is no failure: the script must complete it and go on.</summary>
    public async Task<string?> TryShortWriteAsync(string library, int at)
    {
        (string directory, string acked) = Fresh();
        string proof = acked + ".proof";
        File.Delete(proof);
        StraceRun run = await StraceRun.ScriptAsync(directory, acked, injection: null, SyncShim.ShortWrite(library, proof, at));
        if (!File.Exists(proof))
            return "the fault did not happen, so this run proves nothing";
        if (run.Outcome.ExitCode != 0)
            return $"exit code {run.Outcome.ExitCode}: {run.Outcome.Errors}";
        Count(completed: true);
        return await VerifyAsync(directory, acked);
    }

    /// <summary>
    /// Leaves a directory behind as a crash does: killed in a sync, the last records above the durable mark, and behind
    /// them bytes of a group commit that arrived in part. Gives the calls that its recovery makes.
    /// </summary>
    public async Task<Dictionary<string, int>> LeaveCrashAsync()
    {
        await StraceRun.ScriptAsync(Left, LeftAcked, new Injection("fdatasync", Injection.Faults.Kill, 60));
        TornTail.Plant(Left, new Random(1));
        await Evidence.CopyAsync(Left, Fresh().Directory);
        return (await StraceRun.RecoveryAsync(scratch.At("data"), LeftAcked, injection: null)).Count();
    }

    /// <summary>A recovery that meets a fault, and then one that does not: the second must find everything.</summary>
    public async Task<string?> TryRecoveryAsync(Injection injection)
    {
        string directory = Fresh().Directory;
        await Evidence.CopyAsync(Left, directory);
        StraceRun run = await StraceRun.RecoveryAsync(directory, LeftAcked, injection);
        if (!run.Fired)
            return "the fault did not happen, so this run proves nothing";
        if (!injection.Kills && Misbehaviour(run) is { } wrong)
            return $"{wrong} (at {run.At})";
        Count(completed: false);
        return await VerifyAsync(directory, LeftAcked) is { } lost ? $"{lost} (at {run.At})" : null;
    }

    /// <summary>Compiles the library for <see cref="TryShortWriteAsync"/>.</summary>
    public Task<string?> BuildShimAsync() => SyncShim.BuildAsync(scratch.FullPath);

    private static string? Misbehaviour(StraceRun run)
    {
        if (run.AcknowledgedAfterFault > 0)
            return $"{run.AcknowledgedAfterFault} writes were acknowledged after the fault";
        if (run.Outcome.ExitCode == 0)
            return "the process ended with exit code 0";
        string[] lines = run.Outcome.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 1 && lines[0].StartsWith("script: ", StringComparison.Ordinal) ? null : $"not one clear line but: {run.Outcome.Errors}";
    }

    private async Task<string?> VerifyAsync(string directory, string acked)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "BitArk.Chaos.dll"), "script", "--verify", "--dir", directory, "--acked", acked];
        Tool.Outcome outcome = await Tool.RunAsync("dotnet", arguments);
        if (outcome.ExitCode != 0)
            return $"after the restart: {outcome.All}";
        // VERIFIED acknowledged=N found=M
        int[] numbers = [.. outcome.Output.Split([' ', '=', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsAsciiDigit(word[0])).Select(int.Parse)];
        _acknowledged += numbers[0];
        _inFlight += numbers[1] > numbers[0] ? 1 : 0;
        return null;
    }

    private (string Directory, string Acked) Fresh()
    {
        string directory = scratch.At("data");
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        return (directory, scratch.At("acked"));
    }

    private void Count(bool completed)
    {
        if (completed)
            _completed++;
        else
            _ended++;
    }
}
