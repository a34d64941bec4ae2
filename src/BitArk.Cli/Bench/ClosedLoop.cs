namespace BitArk.Cli.Bench;

/// <summary>Each caller calls again as soon as it was answered: how much the target can do. Latency counts from the call.</summary>
internal sealed class ClosedLoop(IReadOnlyList<LoadCaller> callers, MeasuredWindow window, LatencyRecorder recorder, LoadClock clock) : ILoadLoop
{
    /// <summary>Calls that complete at once before a caller lets the others have its thread.</summary>
    private const int CallsPerTurn = 64;

    /// <inheritdoc/>
    public string Timing => "from the call to its answer (closed loop)";

    /// <inheritdoc/>
    public long NotStarted => 0;

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(callers.Select(caller => Task.Run(() => CallAsync(caller, cancellation), cancellation)));

    private async Task CallAsync(LoadCaller caller, CancellationToken cancellation)
    {
        var atOnce = 0;
        var now = Opened(clock.Now);
        while (now < window.EndTicks)
        {
            cancellation.ThrowIfCancellationRequested();
            var start = now;
            var kind = caller.NextKind();
            var call = caller.CallAsync(kind, cancellation);
            atOnce = call.IsCompleted ? atOnce + 1 : 0;
            var result = await call.ConfigureAwait(false);
            now = Opened(clock.Now);
            recorder.Record(caller.Index, kind, start, now, result);
            if (atOnce == CallsPerTurn)
            {
                atOnce = 0;
                await Task.Yield();
                now = Opened(clock.Now);
            }
        }
    }

    /// <summary>The next call starts at <paramref name="now"/>, and may be the first that is measured.</summary>
    private long Opened(long now)
    {
        window.OpenAt(now);
        return now;
    }
}
