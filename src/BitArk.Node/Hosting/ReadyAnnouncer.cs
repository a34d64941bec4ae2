using System.Globalization;
using BitArk.Cluster;
using BitArk.Node.Http;

namespace BitArk.Node.Hosting;

/// <summary>Tells scripts and people that the node is there: <c>node.ports</c> once it listens, one line on stdout once it is ready.</summary>
internal sealed partial class ReadyAnnouncer(
    IReadStatusNode node,
    BitArkSettings settings,
    BoundPorts ports,
    IHostApplicationLifetime application,
    TimeProvider time,
    ILogger<ReadyAnnouncer> logger) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    // The directory is this process's from there on.
    private bool _isAnnounced;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await WhenListeningAsync(stoppingToken).ConfigureAwait(false);
            WritePorts();
            await WhenReadyAsync(stoppingToken).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(ReadyLine()).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to leave before it was ready: there is nothing to announce.
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_isAnnounced)
            RemovePorts();
    }

    private void RemovePorts()
    {
        try
        {
            PortsFile.Remove(settings.DataDirectory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnannounced(PortsFile.Name, e.Message);
        }
    }

    private void WritePorts()
    {
        try
        {
            _isAnnounced = true;
            PortsFile.Write(settings.DataDirectory, ports.Http, ports.Grpc);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Scripts that chose the ports themselves need no file; the node serves all the same.
            LogUnannounced(PortsFile.Name, e.Message);

            // Not the one of the process before, either.
            RemovePorts();
        }
    }

    private async Task WhenListeningAsync(CancellationToken stopping)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = application.ApplicationStarted.Register(started.SetResult).ConfigureAwait(false);
        await started.Task.WaitAsync(stopping).ConfigureAwait(false);
    }

    private async Task WhenReadyAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        var reported = time.GetTimestamp();
        while (Readiness.Of(node) is { IsReady: false } readiness)
        {
            if (time.GetElapsedTime(reported) >= ReportEvery)
            {
                reported = time.GetTimestamp();
                LogProgress(readiness.Status, readiness.Progress);
            }

            await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
    }

    private string ReadyLine()
    {
        var http = ports.Http == 0 ? "" : $" http://{ports.HttpAuthority}";
        var grpc = ports.Grpc == 0 ? "" : $" grpc://{ports.GrpcAuthority}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"BitArk {node.NodeName} ready:{http}{grpc} cluster={node.ClusterId} partitions={node.Partitions.Count} data={Path.GetFullPath(settings.DataDirectory)}");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Not ready yet: {Status}, {Progress:P0} done")]
    private partial void LogProgress(string status, double progress);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} could not be kept up to date: {Reason}")]
    private partial void LogUnannounced(string file, string reason);
}
