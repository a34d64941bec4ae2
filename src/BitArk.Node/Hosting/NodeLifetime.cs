using System.Globalization;
using BitArk.Cluster;
using BitArk.Node.Http;

namespace BitArk.Node.Hosting;

/// <summary>
/// Tells the world how the node is doing: writes <c>node.ports</c> once it listens, prints one line once every partition
/// serves, and ends the process when a partition's storage has failed for good.
/// </summary>
internal sealed partial class NodeLifetime(
    IReadStatusNode node,
    BitArkSettings settings,
    BoundPorts ports,
    FatalError fatal,
    IHostApplicationLifetime application,
    TimeProvider time,
    ILogger<NodeLifetime> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ListeningAsync(stoppingToken).ConfigureAwait(false);
            PortsFile.Write(settings.DataDirectory, ports.Http, ports.Grpc);
            using var timer = new PeriodicTimer(LookEvery, time);
            await ReadyAsync(timer, stoppingToken).ConfigureAwait(false);
            await FailedAsync(timer, stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Leaving: nothing to watch any more.
        }
    }

    private async Task ListeningAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = application.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stopping).ConfigureAwait(false);
    }

    private async Task ReadyAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        var reported = time.GetTimestamp();
        var readiness = Readiness.Of(node);
        while (!readiness.IsReady)
        {
            if (EndIfFailed())
                return;
            if (time.GetElapsedTime(reported) >= ReportEvery)
            {
                reported = time.GetTimestamp();
                LogProgress(readiness.Status, readiness.Progress);
            }

            await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
            readiness = Readiness.Of(node);
        }

        Console.Out.WriteLine(ReadyLine());
    }

    private string ReadyLine()
    {
        var http = ports.Http == 0 ? "" : $" http://{ports.HttpAuthority}";
        var grpc = ports.Grpc == 0 ? "" : $" grpc://{ports.GrpcAuthority}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"BitArk {node.NodeName} ready:{http}{grpc} cluster={node.ClusterId} partitions={node.Partitions.Count} data={Path.GetFullPath(settings.DataDirectory)}");
    }

    private async Task FailedAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        while (!EndIfFailed())
            await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
    }

    private bool EndIfFailed()
    {
        foreach (var partition in node.Partitions)
        {
            if (partition.Phase is not PartitionPhase.Failed failed)
                continue;

            fatal.Report($"partition {partition.Id}: {failed.Reason}");
            application.StopApplication();
            return true;
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Not ready yet: {Status}, {Progress:P0} done")]
    private partial void LogProgress(string status, double progress);
}
