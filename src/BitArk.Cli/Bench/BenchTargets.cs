using BitArk.Cli.Nodes;
using BitArk.Cli.Terminal;

namespace BitArk.Cli.Bench;

/// <summary>Opens the target that the options name.</summary>
internal static class BenchTargets
{
    private static readonly TimeSpan PatienceAtStart = TimeSpan.FromSeconds(10);

    /// <summary>A target that is ready for calls.</summary>
    public static async Task<IBenchTarget> OpenAsync(BenchOptions options, CliConsole console, CancellationToken cancellation)
    {
        if (options.Node is { } address)
        {
            var calls = new RepeatedCalls(
                new AwayLimit(PatienceAtStart, TimeProvider.System),
                new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new Random()),
                TimeProvider.System);
            return await GrpcTarget.ConnectAsync(address, options.Connections, calls, cancellation).ConfigureAwait(false);
        }

        return await InProcessNode.StartAsync(options, console, cancellation).ConfigureAwait(false);
    }
}
