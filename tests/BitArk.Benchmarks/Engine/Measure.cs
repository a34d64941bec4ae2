using System.Globalization;

namespace BitArk.Benchmarks.Engine;

/// <summary>Timing and printing shared by the workloads.</summary>
internal static class Measure
{
    /// <summary>
    /// Median nanoseconds of CPU per operation of so many runs, after one run to warm up. CPU time, because it means the same on a machine that others use
    /// too; on a quiet one it equals the time on the clock.
    /// </summary>
    public static double NanosecondsPer(int operations, int runs, Func<int, long> work)
    {
        var sink = work(operations);
        var times = new double[runs];
        for (var run = 0; run < runs; run++)
        {
            var start = Environment.CpuUsage.TotalTime;
            sink += work(operations);
            times[run] = (Environment.CpuUsage.TotalTime - start).TotalNanoseconds / operations;
        }

        GC.KeepAlive(sink);
        Array.Sort(times);
        return times[runs / 2];
    }

    /// <summary>Resident bytes of this process, as the kernel counts them.</summary>
    public static long ResidentBytes()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(6).Trim().ToString().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
            }
        }

        throw new InvalidOperationException("/proc/self/status has no VmRSS.");
    }

    public static void Line(string what, FormattableString figures) =>
        Console.WriteLine($"{what,-44} {figures.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>A cheap random sequence, so that the loop measures the table and not the generator.</summary>
    public static ulong Next(ref ulong state)
    {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return state;
    }

    /// <summary>A random number below <paramref name="bound"/>.</summary>
    public static int Below(ref ulong state, int bound) => (int)(((Next(ref state) >> 32) * (ulong)bound) >> 32);
}
