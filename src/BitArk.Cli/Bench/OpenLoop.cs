using System.Threading.Channels;

namespace BitArk.Cli.Bench;

/// <summary>
/// Calls start by a schedule, whether the target keeps up or not: how long users wait at a given load. A pacing thread hands
/// out intended starts; a caller that is free takes the next. Latency counts from the intended start.
/// </summary>
internal sealed class OpenLoop(IReadOnlyList<LoadCaller> callers, int perSecond, MeasuredWindow window, LatencyRecorder recorder, LoadClock clock) : ILoadLoop
{
    /// <summary>How long calls that were due in time may still be taken up after the window; beyond it they count as not started.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private readonly Channel<long> _due = Channel.CreateUnbounded<long>(new UnboundedChannelOptions { SingleWriter = true });
    private long _notStarted;

    /// <inheritdoc/>
    public string Timing => $"from the intended start at {perSecond} calls/s to the answer (open loop, corrected for coordinated omission)";

    /// <inheritdoc/>
    public long NotStarted => Interlocked.Read(ref _notStarted);

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var schedule = new OpenLoopSchedule(clock.Now, perSecond, clock.TicksPerSecond);
        var pacer = new Thread(() => Pace(schedule, cancellation)) { IsBackground = true, Name = "pacer" };
        pacer.Start();
        await Task.WhenAll(callers.Select(caller => Task.Run(() => CallAsync(caller, cancellation), cancellation))).ConfigureAwait(false);
    }

    private void Pace(OpenLoopSchedule schedule, CancellationToken cancellation)
    {
        MonotonicSleep.SharpenThisThread();
        for (var next = 0L; schedule.DueAt(next) < window.EndTicks && !cancellation.IsCancellationRequested;)
        {
            clock.SleepUntil(schedule.DueAt(next));
            for (var due = schedule.DueBy(clock.Now); next < due && schedule.DueAt(next) < window.EndTicks; next++)
            {
                _due.Writer.TryWrite(schedule.DueAt(next));
            }
        }

        _due.Writer.Complete();
    }

    private async Task CallAsync(LoadCaller caller, CancellationToken cancellation)
    {
        var deadline = window.EndTicks + (long)(Grace.TotalSeconds * clock.TicksPerSecond);
        while (await _due.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            while (_due.Reader.TryRead(out var intended))
            {
                if (clock.Now > deadline)
                {
                    Interlocked.Add(ref _notStarted, window.Contains(intended) ? 1 : 0);
                    continue;
                }

                var kind = caller.NextKind();
                var result = await caller.CallAsync(kind, cancellation).ConfigureAwait(false);
                recorder.Record(caller.Index, kind, intended, clock.Now, result);
            }
        }
    }
}
