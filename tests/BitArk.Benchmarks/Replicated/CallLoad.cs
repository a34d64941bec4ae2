using System.Diagnostics;
using HdrHistogram;

namespace BitArk.Benchmarks.Replicated;

/// <summary>Callers in a closed loop: each sends its next write when the last one was acknowledged.</summary>
/// <param name="Target">Whom they call.</param>
/// <param name="Callers">How many.</param>
/// <param name="Batch">Marks in one write.</param>
internal sealed record CallLoad(IMarkTarget Target, int Callers, int Batch)
{
    private const int Users = 100_000;
    private const int Channels = 16;
    private const int Messages = 1000;
    private const long MaxLatencyNanoseconds = 60_000_000_000;

    /// <summary>Writes for so long without measuring, then measures for so long.</summary>
    public async Task<CallFigures> MeasureAsync(TimeSpan warmUp, TimeSpan duration)
    {
        _ = await RunAsync(warmUp);
        var before = Target.ProcessorTime();
        var start = Stopwatch.GetTimestamp();
        var histogram = await RunAsync(duration);
        var took = Stopwatch.GetElapsedTime(start);
        var after = Target.ProcessorTime();
        return new CallFigures(histogram, Batch, took, after.Own - before.Own, after.Nodes - before.Nodes, await Target.WorstLagBytesAsync());
    }

    /// <summary>Writes for so long.</summary>
    public async Task<HistogramBase> RunAsync(TimeSpan duration)
    {
        using var end = new CancellationTokenSource(duration);
        return await RunAsync(end.Token);
    }

    /// <summary>Writes until told to stop, and waits for the last answers.</summary>
    public async Task<HistogramBase> RunAsync(CancellationToken end)
    {
        var all = new LongHistogram(MaxLatencyNanoseconds, 3);
        foreach (var one in await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(caller, end), CancellationToken.None))))
            all.Add(one);
        return all;
    }

    private async Task<HistogramBase> CallAsync(int caller, CancellationToken end)
    {
        var random = new Random(caller);
        var histogram = new LongHistogram(MaxLatencyNanoseconds, 3);
        var marks = new MarkOperation[Batch];
        while (!end.IsCancellationRequested)
        {
            for (var i = 0; i < marks.Length; i++)
                marks[i] = Next(random);
            var started = Stopwatch.GetTimestamp();
            await Target.WriteAsync(caller, marks);
            histogram.RecordValue((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds);
        }

        return histogram;
    }

    // "Read up to N", as a reader who opens a channel does: the table stops growing once every set was touched.
    private static MarkOperation Next(Random random) =>
        new(OperationKind.Mark, NamespaceId.Default, new UserId(random.Next(Users)), new ChannelId(random.Next(Channels)), new MessageRange(1, random.Next(1, Messages)));
}
