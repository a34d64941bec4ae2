using System.CommandLine;
using System.Globalization;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Cli.Leaders;

/// <summary>
/// <c>bitark transfer-leader</c>: lets a node lead one partition, or all it has a replica of, one after the other. The leader lets it
/// catch up first and takes no writes meanwhile, so callers wait a little and none fails.
/// </summary>
internal static class TransferLeaderCommand
{
    private const int MaxPartition = 1023;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The command.</summary>
    public static Command Create(CliConsole console)
    {
        var node = NodeOption.Create(NodeOption.DefaultGrpc);
        var to = new Option<string>("--to") { Description = "Name of the node that is to lead", HelpName = "node", Required = true };
        var only = OptionKit.OptionalInt("--partition", "Only this partition; all that it has a replica of otherwise", 0, MaxPartition);
        var timeout = OptionKit.Duration("--timeout", "How long to wait for each partition", DefaultTimeout);
        var command = new Command("transfer-leader", "Lets another node lead.") { node, to, only, timeout };
        command.SetAction(async (parsed, cancellation) => (int)await RunAsync(
            parsed.GetRequiredValue(node), parsed.GetRequiredValue(to), parsed.GetValue(only), parsed.GetValue(timeout).Value, console, cancellation).ConfigureAwait(false));
        return command;
    }

    private static async Task<ExitCode> RunAsync(NodeAddress address, string to, int? only, TimeSpan timeout, CliConsole console, CancellationToken cancellation)
    {
        using var connection = NodeConnection.Open(address);
        var worst = ExitCode.Fine;
        foreach (var partition in only is { } wanted ? [wanted] : await PartitionsAsync(connection, address, timeout, cancellation).ConfigureAwait(false))
        {
            try
            {
                var reply = await connection.Admin.TransferLeaderAsync(new TransferLeaderRequest { Partition = partition, Node = to }, Within(timeout, cancellation)).ResponseAsync.ConfigureAwait(false);
                await console.Out.WriteLineAsync(Line(partition, reply)).ConfigureAwait(false);
            }
            catch (RpcException failure) when (only is null && HasNoReplica(failure))
            {
                await console.Out.WriteLineAsync($"partition {partition}: {to} has no replica of it").ConfigureAwait(false);
            }
            catch (RpcException failure) when (!cancellation.IsCancellationRequested)
            {
                await console.Error.WriteLineAsync($"bitark: partition {partition}: {CallFailure.Describe(failure)}").ConfigureAwait(false);
                var code = failure.StatusCode == StatusCode.InvalidArgument ? ExitCode.Usage : ExitCode.NodeAway;
                worst = code > worst ? code : worst;
            }
        }

        return worst;
    }

    private static string Line(int partition, TransferLeaderReply reply) => string.Create(
        CultureInfo.InvariantCulture, $"partition {partition}: {reply.Leader} leads epoch {reply.Epoch}, {reply.UnavailableMicros / 1000.0:0.0} ms without a leader");

    // Of a node that the cluster knows: one that it does not know is an error for every partition.
    private static bool HasNoReplica(RpcException failure) =>
        ReadStatusErrors.FromException(failure) is { } error && error.Reason == ErrorReason.InvalidArgument && error.Metadata.ContainsKey("partition");

    private static async Task<int[]> PartitionsAsync(NodeConnection connection, NodeAddress address, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            var cluster = await connection.Admin.ClusterAsync(new ClusterRequest(), Within(timeout, cancellation)).ResponseAsync.ConfigureAwait(false);
            return [.. cluster.Partitions.Select(partition => partition.Id).Order()];
        }
        catch (RpcException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.NodeAway, $"{address}: {CallFailure.Describe(failure)}", failure);
        }
    }

    private static CallOptions Within(TimeSpan timeout, CancellationToken cancellation) => new(deadline: DateTime.UtcNow + timeout, cancellationToken: cancellation);
}
