using System.CommandLine;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using Google.Protobuf;

namespace BitArk.Cli.Status;

/// <summary><c>bitark status</c>: nodes, partitions and log positions as one node sees them.</summary>
internal static class StatusCommand
{
    private static readonly JsonFormatter Json = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithIndentation());

    /// <summary>The command.</summary>
    public static Command Create(CliConsole console)
    {
        var node = NodeOption.Create(NodeOption.DefaultGrpc);
        var json = new Option<bool>("--json") { Description = "The node's answer as JSON, in the form of GET /v1/cluster" };
        var command = new Command("status", "Shows nodes, partitions and log positions.") { node, json };
        command.SetAction(async (parsed, cancellation) =>
        {
            var cluster = await ClusterSource.AskAsync(parsed.GetRequiredValue(node), cancellation).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                await console.Out.WriteLineAsync(Json.Format(cluster)).ConfigureAwait(false);
            }
            else
            {
                StatusText.Write(cluster, console.Out);
            }

            return (int)ExitCode.Fine;
        });
        return command;
    }
}
