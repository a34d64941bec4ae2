using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>
/// <c>node-faults</c>: the disk under a whole node, eight connections writing, fails one call. When it is the log's the
/// node must end by itself, non-zero, with one line; whatever it was, the restart must find everything acknowledged.
/// </summary>
internal static class NodeFaultsVerb
{
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WriteBound = TimeSpan.FromSeconds(20);

    private static readonly (string Call, string What)[] Kinds =
    [
        ("fdatasync", Injection.Faults.InputOutput),
        ("pwrite64", Injection.Faults.InputOutput),
        ("pwrite64", Injection.Faults.NoSpace),
        ("fsync", Injection.Faults.InputOutput),
    ];

    /// <summary>Runs the rounds, each with another fault at another call.</summary>
    public static async Task<int> RunAsync(Options options, Report report)
    {
        int rounds = options.Number("--rounds", otherwise: 12, atLeast: 1);
        int seed = options.Number("--seed", otherwise: Random.Shared.Next());
        string binary = NodeBinary.Find(options);
        options.RefuseUnknown();
        string verb = $"node-faults seed={seed}";
        if (Tool.Missing("strace") is not null)
        {
            report.Skip($"{verb}: needs strace");
            return report.Finish(verb);
        }

        using var scratch = new ScratchDirectory("node-faults");
        var random = new Random(seed);
        var settings = new NodeSettings { DataDirectory = scratch.At("data") };
        var clients = new Fleet(seed, settings.Partitions);
        for (int round = 0; round < rounds && report.FailedCount == 0; round++)
        {
            (string call, string what) = Kinds[round % Kinds.Length];
            // The first calls of each thread belong to the recovery, which has tests of its own.
            int at = call == "fsync" ? random.Next(1, 4) : random.Next(20, 200);
            try
            {
                // strace counts per thread, and which thread makes how many calls is not known before: earlier, until it fires.
                while (!await RoundAsync(binary, settings, clients, new Injection(call, what, at), scratch.At("strace"), $"round {round + 1}", report) && at > 1)
                    at /= 2;
            }
            catch (Exception failure) when (Verdict.IsFinding(failure))
            {
                report.Fail($"{what} at {call} #{at}: {failure.Message}");
            }
        }

        scratch.IsKept = report.FailedCount > 0;
        report.Say($"{clients.Acknowledged} operations acknowledged, {clients.UnknownOutcomes} outcomes open, {clients.Compared} read sets compared");
        return report.Finish(verb);
    }

    /// <summary>Whether the fault happened; only then is anything judged.</summary>
    private static async Task<bool> RoundAsync(
        string binary, NodeSettings settings, Fleet clients, Injection injection, string log, string round, Report report)
    {
        // -D: the tracer stands aside, so that the process started here is the node itself.
        string[] wrapper = ["strace", "-D", "-f", "-y", "--seccomp-bpf", "--quiet=attach,personality", "-o", log, "-e", $"trace={injection.Call}", "-e", injection.Option];
        File.Delete(log);
        string? fault;
        await using (NodeProcess node = NodeProcess.Launch(binary, settings with { Wrapper = wrapper }))
        {
            using var stop = new CancellationTokenSource(WriteBound);
            if (await node.ServesAsync())
                await clients.WriteAsync(node.Grpc, stop.Token);
            fault = StraceLog.Fault(await File.ReadAllLinesAsync(log, CancellationToken.None));
            if (fault is not null && !IsHarmless(injection, StraceLog.Path(fault)))
                await CheckEndAsync(node, fault, report);
        }

        await using NodeProcess after = await NodeProcess.StartAsync(binary, settings);
        List<Finding> findings = await clients.CompareAsync(after.Grpc);
        if (fault is null && findings.Count == 0)
            return false;
        report.Check(findings.Count == 0, $"{round}: {injection} ({Path.GetFileName(StraceLog.Path(fault ?? ""))}): everything acknowledged is there after a restart", Evidence.Say(findings));
        return true;
    }

    /// <summary>A snapshot that cannot be written costs nothing, and a segment that cannot be made on a full disk is made later: the node may go on.</summary>
    private static bool IsHarmless(Injection injection, string path) =>
        path.Contains("/snapshots", StringComparison.Ordinal)
        || (injection.What == Injection.Faults.NoSpace && path.EndsWith(".wal.tmp", StringComparison.Ordinal));

    private static async Task CheckEndAsync(NodeProcess node, string fault, Report report)
    {
        int code = await node.EndAsync(EndBound);
        bool hasTrace = node.Lines.Any(line => line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains("Unhandled exception", StringComparison.Ordinal));
        report.Check(
            code != 0 && node.ErrorLines.Count == 1 && !hasTrace,
            $"the node ended by itself with exit code {code}: {node.ErrorLines.FirstOrDefault()}",
            $"{node.ErrorLines.Count} error lines, stack trace: {hasTrace}, at {fault}:{node.Tail(25)}");
    }
}
