using BitArk.Cli.Terminal;

namespace BitArk.Cli.Bench;

/// <summary>One run against one target: read sets to look up, warm-up, measurement, report.</summary>
internal sealed class BenchRun(BenchOptions options, IBenchTarget target, CliConsole console, LoadClock clock)
{
    /// <summary>Runs it.</summary>
    public async Task<BenchReport> RunAsync(CancellationToken cancellation)
    {
        var preloaded = options.Reads
            ? await console.WithProgressAsync("writing read sets", progress => new Preload(target, options).RunAsync(progress, cancellation)).ConfigureAwait(false)
            : 0;

        var callers = Enumerable.Range(0, options.Callers).Select(index => new LoadCaller(index, target, options)).ToArray();
        var window = MeasuredWindow.After(clock.Now, options.Warmup, options.Duration, clock.TicksPerSecond);
        var recorder = new LatencyRecorder(window);
        ILoadLoop loop = options.Rate is { } rate
            ? new OpenLoop(callers, rate, window, recorder, clock)
            : new ClosedLoop(callers, window, recorder, clock);

        var running = loop.RunAsync(cancellation);
        await Task.WhenAny(Task.Delay(options.Warmup, clock.Time, cancellation), running).ConfigureAwait(false);
        var before = Usage();
        await console.WithProgressAsync("measuring", progress => WatchAsync(running, window, progress)).ConfigureAwait(false);
        var after = Usage();

        return new BenchReport
        {
            Target = target.Facts,
            Options = options,
            Timing = loop.Timing,
            Calls = recorder.Figures(),
            Elapsed = TimeSpan.FromTicks(window.Nanoseconds(Math.Max(window.EndTicks, recorder.LastEndTicks) - window.BeginTicks) / TimeSpan.NanosecondsPerTick),
            NotStarted = loop.NotStarted,
            Preloaded = preloaded,
            OwnCpu = after.Own - before.Own,
            NodeCpu = after.Node - before.Node,
            AllocatedBytes = after.Allocated - before.Allocated,
        };
    }

    private async Task<bool> WatchAsync(Task running, MeasuredWindow window, IWorkProgress progress)
    {
        var tick = TimeSpan.FromMilliseconds(250);
        while (await Task.WhenAny(running, Task.Delay(tick, clock.Time)).ConfigureAwait(false) != running)
        {
            progress.Report(Math.Max(0, clock.Now - window.BeginTicks), window.EndTicks - window.BeginTicks);
        }

        await running.ConfigureAwait(false);
        return true;
    }

    private (TimeSpan Own, TimeSpan? Node, long Allocated) Usage() => (
        ProcessCpu.OfThisProcess(),
        options.NodePid is { } pid ? ProcessCpu.Of(pid) : null,
        GC.GetTotalAllocatedBytes());
}
