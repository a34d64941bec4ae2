using System.CommandLine;
using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;
using Grpc.Core;

namespace BitArk.Cli.Replicas;

/// <summary><c>bitark verify-replicas</c>: whether all replicas hold the same read sets and sessions at the same position. Works beside load; computing a checksum holds up a partition's writes for a look at all of its memory.</summary>
internal static class VerifyReplicasCommand
{
    private const int MaxPartition = 1023;

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The command.</summary>
    public static Command Create(CliConsole console)
    {
        var node = NodeOption.Create(NodeOption.DefaultGrpc);
        var only = OptionKit.OptionalInt("--partition", "Only this partition", 0, MaxPartition);
        var timeout = OptionKit.Duration("--timeout", "How long to try for each partition", DefaultTimeout);
        var command = new Command("verify-replicas", "Compares the checksums of all replicas at the same position of the log.") { node, only, timeout };
        command.SetAction(async (parsed, cancellation) => (int)await RunAsync(
            parsed.GetRequiredValue(node), parsed.GetValue(only), parsed.GetValue(timeout).Value, console, cancellation).ConfigureAwait(false));
        return command;
    }

    private static async Task<ExitCode> RunAsync(NodeAddress address, int? only, TimeSpan timeout, CliConsole console, CancellationToken cancellation)
    {
        using var probe = new ReplicaProbe(address);
        var comparison = new ReplicaComparison(probe, TimeProvider.System);
        var verdicts = new List<PartitionVerdict>();
        foreach (var partition in await PartitionsAsync(probe, address, only, cancellation).ConfigureAwait(false))
            verdicts.Add(await comparison.CompareAsync(partition, timeout, cancellation).ConfigureAwait(false));

        VerdictText.Write(verdicts, console.Out);
        return verdicts.Exists(verdict => verdict.Verdict == ReplicaVerdict.Differs) ? ExitCode.DamageFound
            : verdicts.TrueForAll(verdict => verdict.Verdict == ReplicaVerdict.Same) ? ExitCode.Fine
            : ExitCode.NodeAway;
    }

    private static async Task<int[]> PartitionsAsync(ReplicaProbe probe, NodeAddress address, int? only, CancellationToken cancellation)
    {
        try
        {
            var known = (await probe.ClusterAsync(cancellation).ConfigureAwait(false)).Partitions.Select(partition => partition.Id).Order().ToArray();
            if (only is not { } wanted)
                return known;

            return known.Contains(wanted) ? [wanted] : throw CliException.Usage($"--partition: there is no partition {wanted}, the cluster has {known.Length}");
        }
        catch (RpcException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException(ExitCode.NodeAway, $"{address}: {CallFailure.Describe(failure)}", failure);
        }
    }
}
