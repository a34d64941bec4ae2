using System.CommandLine;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Bench;

/// <summary><c>bitark bench</c>: its command line.</summary>
internal static class BenchCommand
{
    private const string InProcess = "inproc";
    private const string Grpc = "grpc";

    private static readonly Dictionary<string, Workload> Workloads = new()
    {
        ["mark"] = Workload.Mark,
        ["batch"] = Workload.Batch,
        ["is-read"] = Workload.IsRead,
        ["are-read"] = Workload.AreRead,
        ["mixed"] = Workload.Mixed,
    };

    /// <summary>The command.</summary>
    public static Command Create(CliConsole console)
    {
        var preset = new BenchOptions();
        var target = new Option<string>("--target") { Description = $"{InProcess}: a node inside this process, no network; {Grpc}: the node of --node", DefaultValueFactory = _ => InProcess };
        target.AcceptOnlyFromAmong(InProcess, Grpc);
        var workload = new Option<string>("--workload") { Description = "What the calls do", DefaultValueFactory = _ => "mark" };
        workload.AcceptOnlyFromAmong([.. Workloads.Keys]);
        var node = NodeOption.Create(NodeOption.DefaultGrpc);
        var callers = OptionKit.Int("--callers", "Calls under way at once (open loop: at most)", preset.Callers, 1, 10_000);
        var connections = OptionKit.Int("--connections", "HTTP/2 connections they share", preset.Connections, 1, 256);
        var rate = OptionKit.OptionalInt("--rate", "Open loop: calls a second by a fixed schedule; without it, closed loop", 1, 10_000_000);
        var duration = OptionKit.Duration("--duration", "Measured time", preset.Duration);
        var warmup = OptionKit.Duration("--warmup", "Time before it that is not measured", preset.Warmup);
        var batch = OptionKit.Int("--batch", "Marks a call of 'batch'", preset.Batch, 1, 10_000);
        var ids = OptionKit.Int("--ids", "Ids a call of 'are-read'", preset.Ids, 1, 10_000);
        var readPercent = OptionKit.Int("--read-percent", "Share of look-ups in 'mixed'", preset.ReadPercent, 0, 100);
        var users = OptionKit.Int("--users", "Users", preset.Users, 1, 100_000_000);
        var channels = OptionKit.Int("--channels", "Channels of each user", preset.Channels, 1, 1_000_000);
        var messages = OptionKit.Int("--messages", "Message ids of each channel", preset.Messages, 1, int.MaxValue);
        var partitions = OptionKit.Int("--partitions", "Partitions of the in-process node", preset.Partitions, 1, 256);
        var dataDirectory = new Option<string?>("--data-dir") { Description = "Data of the in-process node (default: a temporary directory, deleted afterwards)" };
        var nodePid = OptionKit.OptionalInt("--node-pid", "Process id of the node on this machine, to report its CPU time", 1, int.MaxValue);
        var seed = OptionKit.Int("--seed", "Seed of the keys", 1, 0, int.MaxValue);
        var json = new Option<bool>("--json") { Description = "Report as JSON" };
        var command = new Command("bench", "Puts load on a node and reports latencies: closed loop, or open loop corrected for coordinated omission.")
        {
            target, workload, node, callers, connections, rate, duration, warmup, batch, ids, readPercent,
            users, channels, messages, partitions, dataDirectory, nodePid, seed, json,
        };
        command.SetAction((parsed, cancellation) =>
        {
            var options = new BenchOptions
            {
                Node = parsed.GetRequiredValue(target) == Grpc ? parsed.GetRequiredValue(node) : null,
                Workload = Workloads[parsed.GetRequiredValue(workload)],
                Callers = parsed.GetRequiredValue(callers),
                Connections = parsed.GetRequiredValue(connections),
                Rate = parsed.GetValue(rate),
                Duration = parsed.GetRequiredValue(duration).Value,
                Warmup = parsed.GetRequiredValue(warmup).Value,
                Batch = parsed.GetRequiredValue(batch),
                Ids = parsed.GetRequiredValue(ids),
                ReadPercent = parsed.GetRequiredValue(readPercent),
                Users = parsed.GetRequiredValue(users),
                Channels = parsed.GetRequiredValue(channels),
                Messages = parsed.GetRequiredValue(messages),
                Partitions = parsed.GetRequiredValue(partitions),
                DataDirectory = parsed.GetValue(dataDirectory),
                NodePid = parsed.GetValue(nodePid),
                Seed = (ulong)parsed.GetRequiredValue(seed),
            };
            return RunAsync(options, parsed.GetValue(json), console, cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(BenchOptions options, bool json, CliConsole console, CancellationToken cancellation)
    {
        if (options.Problem() is { } problem)
        {
            throw CliException.Usage(problem);
        }

        var target = await BenchTargets.OpenAsync(options, console, cancellation).ConfigureAwait(false);
        await using var closing = target.ConfigureAwait(false);
        var report = await new BenchRun(options, target, console, LoadClock.OfThisMachine).RunAsync(cancellation).ConfigureAwait(false);
        if (json)
        {
            await console.Out.WriteLineAsync(BenchJson.Format(report)).ConfigureAwait(false);
        }
        else
        {
            report.WriteTo(console.Out);
        }

        return (int)(report.IsSound ? ExitCode.Fine : ExitCode.DamageFound);
    }
}
