using System.Text.RegularExpressions;

namespace BitArk.Chaos.Faults;

/// <summary>One run of the storage script, or of its check, under strace, with at most one fault injected, and what the log of its system calls says.</summary>
internal sealed partial class StraceRun
{
    /// <summary>The calls that storage is made of.</summary>
    public static readonly string[] Calls = ["pwrite64", "fdatasync", "fsync", "rename", "unlink"];

    private readonly string[] _log;

    private StraceRun(Tool.Outcome outcome, string[] log)
    {
        Outcome = outcome;
        _log = log;
    }

    /// <summary>How it ended and what it printed.</summary>
    public Tool.Outcome Outcome { get; }

    /// <summary>Whether the fault really happened. strace counts per thread, so this is not to be taken for granted.</summary>
    public bool Fired => _log.Any(line => line.Contains("(INJECTED)", StringComparison.Ordinal) || line.Contains("+++ killed by SIGKILL +++", StringComparison.Ordinal));

    /// <summary>The call that the fault met, for messages.</summary>
    public string At => _log.FirstOrDefault(line => line.Contains("(INJECTED)", StringComparison.Ordinal)) ?? _log.LastOrDefault(line => !line.Contains("+++", StringComparison.Ordinal)) ?? "";

    /// <summary>Acknowledgements printed after the fault.</summary>
    public int AcknowledgedAfterFault =>
        _log.SkipWhile(line => !line.Contains("(INJECTED)", StringComparison.Ordinal)).Count(line => line.Contains("\"ACK ", StringComparison.Ordinal));

    /// <summary>How often the script's thread makes each call.</summary>
    public Dictionary<string, int> Count() => Calls.ToDictionary(
        call => call,
        call => _log.Select(line => CallPattern().Match(line)).Where(match => match.Groups["call"].Value == call).GroupBy(match => match.Groups["thread"].Value)
            .Select(thread => thread.Count()).DefaultIfEmpty(0).Max());

    /// <summary>Runs the script; <paramref name="acked"/> gets what it printed.</summary>
    public static async Task<StraceRun> ScriptAsync(string directory, string acked, Injection? injection, IReadOnlyDictionary<string, string>? environment = null)
    {
        StraceRun run = await RunAsync(["--dir", directory], acked, injection, environment);
        await File.WriteAllTextAsync(acked, run.Outcome.Output);
        return run;
    }

    /// <summary>Runs the script's check, which recovers what the script left.</summary>
    public static Task<StraceRun> RecoveryAsync(string directory, string acked, Injection? injection) =>
        RunAsync(["--verify", "--dir", directory, "--acked", acked], acked, injection);

    private static async Task<StraceRun> RunAsync(
        string[] script, string acked, Injection? injection, IReadOnlyDictionary<string, string>? environment = null)
    {
        string log = acked + ".strace";
        List<string> arguments = ["-f", "--quiet=attach,personality", "-y", "-o", log, "-e", $"trace={string.Join(',', Calls)},write"];
        if (injection is not null)
            arguments.AddRange(["-e", injection.Option]);
        // Far faster, but strace then no longer sends the signals that it is told to inject.
        if (injection is not { Kills: true })
            arguments.Add("--seccomp-bpf");
        // The diagnostics port would add a thread that makes and unlinks files of its own.
        arguments.AddRange(["-E", "DOTNET_EnableDiagnostics=0"]);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
            arguments.AddRange(["-E", $"{name}={value}"]);
        arguments.AddRange(["dotnet", Path.Combine(AppContext.BaseDirectory, "BitArk.Chaos.dll"), "script", .. script]);
        Tool.Outcome outcome = await Tool.RunAsync("strace", arguments);
        return new StraceRun(outcome, await File.ReadAllLinesAsync(log));
    }

    [GeneratedRegex(@"^(?<thread>\d+) +(?<call>\w+)\(")]
    private static partial Regex CallPattern();
}
