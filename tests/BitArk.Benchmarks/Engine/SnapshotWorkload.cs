using System.Diagnostics;
using BitArk.Storage.Memory;
using BitArk.Storage.ReadTables;
using BitArk.Storage.Snapshots;

namespace BitArk.Benchmarks.Engine;

/// <summary>
/// A point-in-time snapshot while 100 k marks/s arrive: the pause at its beginning, the longest batch with and without it, and the rate at which a drainer
/// gets the bytes. The drainer only copies them, to memory that was touched before (the disk is another benchmark's); the last capture is then restored
/// and its digest compared.
/// </summary>
internal static class SnapshotWorkload
{
    private const int MarksPerSecond = 100_000;
    private const int BytesPerPause = 128 << 10;

    public static void Run(int sets)
    {
        SnapshotRehearsal.Run();
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(NamespaceId.Default);
        for (var i = 0; i < sets; i++)
        {
            _ = table.Mark(Cursors.User(i), Cursors.Channel(i), 1, 1 + (i % 1000));
        }

        var writer = new PacedWriter(table, sets, MarksPerSecond);
        RunFor(writer, TimeSpan.FromSeconds(1));
        for (var run = 0; run < 3; run++)
        {
            writer.Reset();
            RunFor(writer, TimeSpan.FromSeconds(2));
            Measure.Line("without a snapshot", $"longest batch {writer.LongestBatchMilliseconds:F2} ms ({writer.LongestBatchCpuMilliseconds:F2} of CPU), longest delay {writer.LongestDelayMilliseconds:F2} ms");
            Snapshot(tables, writer, verify: run == 2);
        }
    }

    private static void Snapshot(ReadTableSet tables, PacedWriter writer, bool verify)
    {
        var digest = verify ? tables.Digest() : 0;

        // Room for everything and one more write of each piece. Zeroing fresh memory is left out: it would be most of the drainer's time.
        using var into = new DrainedItems(verify ? tables.MemoryBytes * 5 / 4 : 0);
        writer.Reset();
        var start = Stopwatch.GetTimestamp();
        var cpu = ThreadClock.Now();
        var capture = tables.BeginCapture();
        var pause = Stopwatch.GetElapsedTime(start);
        var pauseCpu = (ThreadClock.Now() - cpu) / 1e6;
        var drained = 0L;
        var drainer = new Thread(() => drained = Drain(capture, into));
        start = Stopwatch.GetTimestamp();
        drainer.Start();
        var copied = false;
        writer.Run(() => copied, () => !(copied = copied || capture.CopySome(BytesPerPause)));
        drainer.Join();
        var took = Stopwatch.GetElapsedTime(start);
        Measure.Line("with a snapshot", $"begin {pause.TotalMilliseconds:F2} ms ({pauseCpu:F2} of CPU), longest batch {writer.LongestBatchMilliseconds:F2} ms ({writer.LongestBatchCpuMilliseconds:F2} of CPU), longest delay {writer.LongestDelayMilliseconds:F2} ms; {drained >> 20} MiB in {took.TotalSeconds:F2} s = {drained / took.TotalSeconds / 1e6:F0} MB/s; {writer.Marks} marks meanwhile");
        if (capture.IsAborted)
        {
            Measure.Line("given up", $"the drainer took nothing for too long: neither the rate nor the content is a snapshot's");
        }
        else if (verify)
        {
            using var restore = ReadTableSet.Restore(capture.Geometry.Span);
            into.RestoreTo(restore);
            using var restored = restore.Complete();
            Measure.Line("restored", $"{(restored.Digest() == digest ? "equal to the state at its beginning" : "DIFFERENT")}");
        }
    }

    private static long Drain(SnapshotCapture capture, DrainedItems into)
    {
        long bytes = 0;
        while (!capture.IsDrained && !capture.IsAborted)
        {
            if (!capture.TryTake(TimeSpan.FromSeconds(1), out var block))
            {
                continue;
            }

            into.Add(block.Payload);
            bytes += block.Payload.Length;
            capture.Return(block);
        }

        return bytes;
    }

    private static void RunFor(PacedWriter writer, TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        writer.Run(() => Stopwatch.GetElapsedTime(start) > time, () => false);
    }
}
