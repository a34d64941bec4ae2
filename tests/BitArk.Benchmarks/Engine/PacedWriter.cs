using System.Diagnostics;
using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>
/// The writer of a table at a steady rate of marks to random sets, in batches as a group commit brings them: one batch each millisecond, between
/// batches it calls its owner. It remembers the longest time one batch took from its due time.
/// </summary>
internal sealed class PacedWriter(ReadTable table, int sets, int marksPerSecond)
{
    private ulong _random = 0x9E37_79B9_7F4A_7C15;
    private readonly long _next = 2000;

    public double LongestBatchMilliseconds { get; private set; }

    /// <summary>The same in CPU time: without what the thread waited for a core.</summary>
    public double LongestBatchCpuMilliseconds { get; private set; }

    public double LongestDelayMilliseconds { get; private set; }

    public long Marks { get; private set; }

    /// <summary>Runs until told to stop; <paramref name="between"/> runs after each batch while there is time, and says whether it wants more.</summary>
    public void Run(Func<bool> stop, Func<bool> between)
    {
        var perBatch = marksPerSecond / 1000;
        var due = Stopwatch.GetTimestamp();
        while (!stop())
        {
            due += Stopwatch.Frequency / 1000;
            while (Stopwatch.GetTimestamp() < due)
            {
                if (!between())
                {
                    _ = Thread.Yield();
                }
            }

            var started = Stopwatch.GetTimestamp();
            var cpu = ThreadClock.Now();
            for (var n = 0; n < perBatch; n++)
            {
                var i = Measure.Below(ref _random, sets);
                _ = table.Mark(Cursors.User(i), Cursors.Channel(i), 1, _next + (Marks / sets));
                Marks++;
            }

            LongestBatchCpuMilliseconds = Math.Max(LongestBatchCpuMilliseconds, (ThreadClock.Now() - cpu) / 1e6);
            LongestBatchMilliseconds = Math.Max(LongestBatchMilliseconds, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            LongestDelayMilliseconds = Math.Max(LongestDelayMilliseconds, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
        }
    }

    public void Reset() => (LongestBatchMilliseconds, LongestBatchCpuMilliseconds, LongestDelayMilliseconds, Marks) = (0, 0, 0, 0);
}
