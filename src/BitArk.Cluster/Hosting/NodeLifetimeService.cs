using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BitArk.Cluster;

/// <summary>
/// Opens the node, lets it run, and ends the process when the node fails: one clear line, a non-zero exit code, within a bound
/// even if a call to the broken disk never comes back.
/// </summary>
internal sealed partial class NodeLifetimeService(
    BitArkNode node, IActorSystems systems, IHostApplicationLifetime lifetime, IProcessExit process, ILogger<NodeLifetimeService> logger) : IHostedService
{
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        node.Open();
        _ = EndOnFailureAsync();
        return node.RunAsync(systems, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => node.EndAsync().WaitAsync(cancellationToken);

    private async Task EndOnFailureAsync()
    {
        var failure = await node.Failure.ConfigureAwait(false);
        process.Code = NodeFailure.ExitCode;

        // First of all: the log may go to the same disk.
        process.ExitWithin(EndBound);
        LogFailure(node.NodeName, failure);
        lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "BitArk {Node} ends: {Failure}")]
    private partial void LogFailure(string node, NodeFailure failure);
}
