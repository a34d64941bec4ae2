using System.Diagnostics;
using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>
/// Two reader threads alone and beside a writer at 100 k marks/s, on their table or, as a control of what they share, on another; counts what the readers did and how often they had to ask the writer.
/// </summary>
internal static class ReadersWorkload
{
    private const int Readers = 2;
    private const int OperationsPerReader = 12_000_000;

    public static void Run(int sets)
    {
        using var table = Cursors.Fill(sets);
        using var other = Cursors.Fill(sets / 4);
        _ = Read(table, sets, writer: null);
        for (var run = 0; run < 3; run++)
        {
            var alone = Read(table, sets, writer: null);
            var beside = Read(table, sets, new PacedWriter(table, sets, 100_000));
            var elsewhere = Read(table, sets, new PacedWriter(other, sets / 4, 100_000));
            Measure.Line("2 readers, writer on another table", $"alone {alone.PerSecond / 1e6:F2} M/s; beside {elsewhere.PerSecond / 1e6:F2} M/s ({elsewhere.PerSecond / alone.PerSecond:P0}); CPU of a read {alone.CpuNanoseconds:F0} and {elsewhere.CpuNanoseconds:F0} ns ({alone.CpuNanoseconds / elsewhere.CpuNanoseconds:P0})");
            Measure.Line("2 readers", $"alone {alone.PerSecond / 1e6:F2} M/s; beside 100 k marks/s {beside.PerSecond / 1e6:F2} M/s ({beside.PerSecond / alone.PerSecond:P0}); CPU of a read {alone.CpuNanoseconds:F0} and {beside.CpuNanoseconds:F0} ns ({alone.CpuNanoseconds / beside.CpuNanoseconds:P0}); overtaken too often {beside.Overtaken}");
        }
    }

    private static (double PerSecond, double CpuNanoseconds, long Overtaken) Read(ReadTable table, int sets, PacedWriter? writer)
    {
        long overtaken = 0;
        long cpu = 0;
        var left = Readers;
        var start = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(1, Readers).Select(seed => new Thread(() =>
        {
            var random = (ulong)seed * 88172645463325252;
            long failed = 0;
            var started = ThreadClock.Now();
            for (var n = 0; n < OperationsPerReader; n++)
            {
                var i = Measure.Below(ref random, sets);
                failed += table.TryContains(Cursors.User(i), Cursors.Channel(i), 1 + ((n & 1) * 1000), out _) ? 0 : 1;
            }

            _ = Interlocked.Add(ref cpu, ThreadClock.Now() - started);
            _ = Interlocked.Add(ref overtaken, failed);
            _ = Interlocked.Decrement(ref left);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        writer?.Run(() => Volatile.Read(ref left) == 0, () => false);
        threads.ForEach(thread => thread.Join());
        return (Readers * (double)OperationsPerReader / Stopwatch.GetElapsedTime(start).TotalSeconds, cpu / (Readers * (double)OperationsPerReader), overtaken);
    }
}
