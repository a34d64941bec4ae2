using System.Diagnostics;
using System.Globalization;
using BitArk.Cluster;

namespace BitArk.Benchmarks.SingleNode;

/// <summary>
/// Callers that write without a pause, single marks to random resident read sets; now and then one snapshot, as a schedule would take it. The rate
/// from its beginning until it is written and verified is compared with the rates in the equally quiet times around it.
/// </summary>
internal static class SingleSnapshotWorkload
{
    private const int Rounds = 5;
    private const int CountersPerLine = 8;

    public static async Task RunAsync(IPartition partition, int callers, int readSets, TimeSpan rest)
    {
        using var end = new CancellationTokenSource();
        var counts = new long[callers * CountersPerLine];
        var writers = Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(partition, caller, readSets, counts, end.Token))).ToArray();
        _ = await RestAsync(counts, rest);
        var before = await RestAsync(counts, rest);
        for (var round = 0; round < Rounds; round++)
        {
            var during = await RateAsync(counts, async () =>
            {
                if (await partition.SnapshotAsync(CancellationToken.None) is SnapshotOutcome.Failed failed)
                    Console.WriteLine($"snapshot failed: {failed.Reason}");
            });
            var after = await RestAsync(counts, rest);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"before {before.PerSecond,9:N0}/s on {before.Cores:F2} cores, during a snapshot of {during.Seconds:F2} s {during.PerSecond,9:N0}/s on {during.Cores:F2}, after {after.PerSecond,9:N0}/s: {2 * during.PerSecond / (before.PerSecond + after.PerSecond):F2}"));
            before = after;
        }

        await end.CancelAsync();
        await Task.WhenAll(writers);
    }

    private static Task<(double PerSecond, double Seconds, double Cores)> RestAsync(long[] counts, TimeSpan rest) => RateAsync(counts, () => Task.Delay(rest));

    private static async Task<(double PerSecond, double Seconds, double Cores)> RateAsync(long[] counts, Func<Task> meanwhile)
    {
        var (count, start, cpu) = (counts.Sum(), Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await meanwhile();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return ((counts.Sum() - count) / seconds, seconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds / seconds);
    }

    private static async Task CallAsync(IPartition partition, int caller, int readSets, long[] counts, CancellationToken end)
    {
        var random = new Random(caller);
        var operations = new MarkOperation[1];
        while (!end.IsCancellationRequested)
        {
            operations[0] = ResidentWorkload.Mark(random.Next(readSets), random.Next(10, 1000));
            await ResidentWorkload.WriteAsync(partition, operations);
            counts[caller * CountersPerLine]++;
        }
    }
}
