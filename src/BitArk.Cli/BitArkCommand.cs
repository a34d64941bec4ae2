using System.CommandLine;
using BitArk.Cli.Bench;
using BitArk.Cli.IntegerSets;
using BitArk.Cli.Leaders;
using BitArk.Cli.Recovery;
using BitArk.Cli.Replay;
using BitArk.Cli.Replicas;
using BitArk.Cli.Snapshots;
using BitArk.Cli.Status;
using BitArk.Cli.Terminal;
using BitArk.Cli.Wal;

namespace BitArk.Cli;

/// <summary>The command tree of <c>bitark</c>, and the one place where exceptions become exit codes.</summary>
internal static class BitArkCommand
{
    /// <summary>Parses and runs a command line.</summary>
    public static async Task<ExitCode> RunAsync(IReadOnlyList<string> args, CliConsole console, CancellationToken cancellation)
    {
        var root = Create(console);
        var parsed = root.Parse(args.Count == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await console.Error.WriteLineAsync($"bitark: {error.Message}").ConfigureAwait(false);
            }

            await console.Error.WriteLineAsync("Try 'bitark --help'.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        var configuration = new InvocationConfiguration { Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false };
        try
        {
            return (ExitCode)await parsed.InvokeAsync(configuration, cancellation).ConfigureAwait(false);
        }
        catch (CliException expected)
        {
            await console.Error.WriteLineAsync($"bitark: {expected.Message}").ConfigureAwait(false);
            return expected.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await console.Error.WriteLineAsync("bitark: stopped").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }
    }

    private static RootCommand Create(CliConsole console) => new("Inspects, loads and measures BitArk nodes and their files.")
    {
        StatusCommand.Create(console),
        VerifyReplicasCommand.Create(console),
        TransferLeaderCommand.Create(console),
        BenchCommand.Create(console),
        ReplayCommand.Create(console),
        LoadSetsCommand.Create(console),
        WalCommand.Create(console),
        SnapshotCommand.Create(console),
        RecoverCommand.Create(console),
    };
}
