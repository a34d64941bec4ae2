using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BitArk.Cluster;

/// <summary>
/// Opens the node, lets it run, lets other nodes lead before anything stops, and ends the process when the node fails: one clear line,
/// a non-zero exit code, within a bound even if a call to the broken disk never comes back.
/// </summary>
internal sealed partial class NodeLifetimeService(
    BitArkNode node, IActorSystems systems, IHostApplicationLifetime lifetime, IProcessExit process, ILogger<NodeLifetimeService> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan EndBound = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        node.Open();
        _ = EndOnFailureAsync();
        return node.RunAsync(systems, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before any part of the host stops: front ends still answer, so that no write fails while its partition moves.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => node.HandOverLeadershipsAsync(BitArkNode.LeaveBound);

    public Task StopAsync(CancellationToken cancellationToken) => node.EndAsync().WaitAsync(cancellationToken);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

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
