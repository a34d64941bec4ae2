using System.Diagnostics;
using System.Globalization;
using BitArk.Cluster;
using HdrHistogram;

namespace BitArk.Benchmarks.SingleNode;

/// <summary>Closed loop: each caller sends its next write when the last one was acknowledged.</summary>
internal static class MarkWorkload
{
    private const int Users = 100_000;
    private const int Channels = 16;
    private const long MaxLatencyNanoseconds = 10_000_000_000;

    public const string Header = "callers  batch     writes/s      marks/s   p50 us   p90 us   p99 us  p99.9 us   max us   B/write  CPU us/write";

    public static async Task RunAsync(IPartition partition, int callers, int batch, TimeSpan duration)
    {
        await MeasureAsync(partition, callers, batch, duration);
        var allocated = GC.GetTotalAllocatedBytes();
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var histogram = await MeasureAsync(partition, callers, batch, duration);
        var writes = histogram.TotalCount;
        var spent = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / writes;
        var rate = writes / clock.Elapsed.TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{callers,7} {batch,6} {rate,12:N0} {rate * batch,12:N0} {Us(histogram, 50),8:F0} {Us(histogram, 90),8:F0} {Us(histogram, 99),8:F0} {Us(histogram, 99.9),9:F0} {Us(histogram, 100),8:F0} {(GC.GetTotalAllocatedBytes() - allocated) / (double)writes,9:F0} {spent,13:F2}"));
    }

    private static async Task<HistogramBase> MeasureAsync(IPartition partition, int callers, int batch, TimeSpan duration)
    {
        using var end = new CancellationTokenSource(duration);
        var tasks = Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(partition, caller, batch, end.Token))).ToArray();
        var all = new LongHistogram(MaxLatencyNanoseconds, 3);
        foreach (var histogram in await Task.WhenAll(tasks))
            all.Add(histogram);

        return all;
    }

    private static async Task<HistogramBase> CallAsync(IPartition partition, int caller, int batch, CancellationToken end)
    {
        var random = new Random(caller);
        var histogram = new LongHistogram(MaxLatencyNanoseconds, 3);
        var operations = new MarkOperation[batch];
        var command = new WriteCommand(operations);
        while (!end.IsCancellationRequested)
        {
            for (var i = 0; i < batch; i++)
                operations[i] = RandomMark(random);

            var started = Stopwatch.GetTimestamp();
            if (await partition.WriteAsync(command, CancellationToken.None) is not WriteOutcome.Committed)
                throw new InvalidOperationException("A write was refused.");

            histogram.RecordValue((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds);
        }

        return histogram;
    }

    // Mostly "read up to N", as a reader who opens a channel does.
    private static MarkOperation RandomMark(Random random)
    {
        var message = random.Next(1, 1000);
        return new MarkOperation(OperationKind.Mark, NamespaceId.Default, new UserId(random.Next(Users)), new ChannelId(random.Next(Channels)), new MessageRange(1, message));
    }

    private static double Us(HistogramBase histogram, double percentile) => histogram.GetValueAtPercentile(percentile) / 1000.0;
}
