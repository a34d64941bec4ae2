using System.CommandLine;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Replay;

/// <summary><c>bitark replay</c>: its command line.</summary>
internal static class ReplayCommand
{
    private const int MaxInFlight = 64;
    private const int MaxBatch = 10_000;

    /// <summary>The command.</summary>
    public static Command Create(CliConsole console)
    {
        var trace = new Argument<string>("trace") { Description = "Read trace, .csv or .csv.gz: unix_seconds,channel,user,kind,from,to" };
        var node = NodeOption.Create(NodeOption.DefaultGrpc);
        var ns = new Option<string>("--namespace") { Description = "Namespace to mark in; empty is \"default\"", DefaultValueFactory = _ => "" };
        var batch = OptionKit.Int("--batch", "Reads per write", 512, 1, MaxBatch);
        var inFlight = OptionKit.Int("--in-flight", "Writes under way at once", 16, 1, MaxInFlight);
        var resume = new Option<bool>("--resume") { Description = "Go on where the resume file says; without it, begin at the beginning" };
        var resumeFile = new Option<string?>("--resume-file") { Description = "Where the position is kept (default: TRACE.resume in the working directory)" };
        var session = new Option<bool>("--session") { Description = "Write exactly once, by session and sequence, and check the sum of changed ids" };
        var verify = new Option<bool>("--verify") { Description = "Afterwards compare every read set with a model built from the trace; exit code 1 if any differs" };
        var giveUp = OptionKit.Duration("--give-up-after", "End when nothing has succeeded for this long", TimeSpan.FromSeconds(60));
        var command = new Command("replay", "Feeds a read trace to a node in batches, through its failures, and compares the outcome.")
        {
            trace, node, ns, batch, inFlight, resume, resumeFile, session, verify, giveUp,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = parsed.GetRequiredValue(trace);
            var options = new ReplayOptions(
                path,
                parsed.GetRequiredValue(node),
                parsed.GetRequiredValue(ns),
                parsed.GetRequiredValue(batch),
                parsed.GetRequiredValue(inFlight),
                parsed.GetValue(resume),
                parsed.GetValue(resumeFile) ?? Path.GetFileName(path) + ".resume",
                parsed.GetValue(session),
                parsed.GetValue(verify),
                parsed.GetRequiredValue(giveUp).Value);
            if (options.Problem() is { } problem)
            {
                throw CliException.Usage(problem);
            }

            return (int)await new ReplayRun(options, console, TimeProvider.System).RunAsync(cancellation).ConfigureAwait(false);
        });
        return command;
    }
}
