using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>Lets a process run for a tenth of the time, until disposed.</summary>
internal sealed class DutyCycle : IAsyncDisposable
{
    private static readonly TimeSpan Runs = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Stands = TimeSpan.FromMilliseconds(450);
    private readonly CancellationTokenSource _ended = new();
    private readonly NodeProcess _process;
    private readonly Task _cycling;

    /// <summary>Begins.</summary>
    public DutyCycle(NodeProcess process)
    {
        _process = process;
        _cycling = Task.Run(CycleAsync);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _cycling;
        _process.Resume();
        _ended.Dispose();
    }

    private async Task CycleAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            _process.Pause();
            await Task.Delay(Stands);
            _process.Resume();
            await Task.Delay(Runs);
        }
    }
}
