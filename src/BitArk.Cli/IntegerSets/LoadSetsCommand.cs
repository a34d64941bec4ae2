using System.CommandLine;
using System.Diagnostics;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.IntegerSets;

/// <summary><c>bitark load-sets</c>: real integer sets as read sets.</summary>
internal static class LoadSetsCommand
{
    private const int UnderWay = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The command.</summary>
    public static Command Create(CliConsole console)
    {
        var path = new Argument<string>("zip|dir") { Description = "Zip file or directory of text files, each one set of numbers between commas" };
        var node = NodeOption.Create(NodeOption.DefaultGrpc);
        var http = NodeOption.CreateHttp("--http", "The node's HTTP address, to report the memory it needs");
        var ns = new Option<string>("--namespace") { Description = "Namespace to mark in; empty is \"default\"", DefaultValueFactory = _ => "" };
        var user = OptionKit.Int("--first-user", "User of the first set; the others follow", 1, 0, int.MaxValue);
        var channel = OptionKit.Int("--channel", "Channel of all sets", 1, 0, int.MaxValue);
        var command = new Command("load-sets", "Loads a collection of integer sets as read sets of one user each, exports and compares them.") { path, node, http, ns, user, channel };
        command.SetAction(async (parsed, cancellation) =>
        {
            var collection = parsed.GetRequiredValue(path);
            var target = new SetTarget(parsed.GetRequiredValue(ns), parsed.GetRequiredValue(user), parsed.GetRequiredValue(channel));
            var sets = IntegerSetReader.Read(collection).ToArray();
            if (sets.Length == 0)
            {
                throw CliException.Usage($"{collection}: no set in it");
            }

            var name = Path.GetFileName(collection.TrimEnd('/'));
            var report = await RunAsync(name, sets, parsed.GetRequiredValue(node), parsed.GetValue(http), target, console, cancellation).ConfigureAwait(false);
            report.WriteTo(console.Out);
            return (int)(report.IsSound ? ExitCode.Fine : ExitCode.DamageFound);
        });
        return command;
    }

    private static async Task<SetReport> RunAsync(
        string name, IntegerSet[] sets, NodeAddress node, NodeAddress? http, SetTarget target, CliConsole console, CancellationToken cancellation)
    {
        using var connection = NodeConnection.Open(node);
        var time = TimeProvider.System;
        var calls = new RepeatedCalls(new AwayLimit(Patience, time), new Backoff(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2), new Random()), time);
        var loader = new SetLoader(connection.ReadStatus, calls, target);

        long? before = http is null ? null : await NodeMemory.ReadAsync(http, cancellation).ConfigureAwait(false);
        var began = Stopwatch.GetTimestamp();
        await EachAsync(sets, console, "loading", loader.WriteAsync, cancellation).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(began);
        long? after = http is null ? null : await NodeMemory.ReadAsync(http, cancellation).ConfigureAwait(false);

        var checks = new SetCheck[sets.Length];
        await EachAsync(
            sets,
            console,
            "comparing",
            async (index, set, stop) => checks[index] = await loader.CheckAsync(index, set, stop).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);
        return new SetReport
        {
            Name = name,
            Sets = sets.Length,
            Ids = sets.Sum(set => set.Count),
            Ranges = sets.Sum(set => (long)set.Ranges.Count),
            Elapsed = elapsed,
            Checks = checks,
            Memory = before is { } first && after is { } last ? (first, last) : null,
        };
    }

    private static Task<long> EachAsync(IntegerSet[] sets, CliConsole console, string title, Func<int, IntegerSet, CancellationToken, Task> work, CancellationToken cancellation)
    {
        long done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = UnderWay, CancellationToken = cancellation };
        return console.WithProgressAsync(title, async progress =>
        {
            await Parallel.ForEachAsync(sets.Index(), options, async (each, stop) =>
            {
                await work(each.Index, each.Item, stop).ConfigureAwait(false);
                progress.Report(Interlocked.Increment(ref done), sets.Length);
            }).ConfigureAwait(false);
            return done;
        });
    }
}
