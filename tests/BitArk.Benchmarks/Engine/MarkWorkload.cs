using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>Marks without a log: first the fill (a new read set each), then cursors that advance at random.</summary>
internal static class MarkWorkload
{
    private const int Operations = 4_000_000;

    public static void Run(int sets)
    {
        var start = Environment.CpuUsage;
        using var table = Cursors.Fill(sets);
        var end = Environment.CpuUsage;
        var fill = end.TotalTime - start.TotalTime;
        var kernel = (end.PrivilegedTime - start.PrivilegedTime) / fill;
        Measure.Line($"mark, {sets:N0} new sets", $"{sets / fill.TotalSeconds / 1e6:F2} M/s (growth, splits and first touch of the memory included; CPU time, {kernel:P0} of it the kernel's)");

        ulong random = 88172645463325252;
        long next = 1001;
        var advance = Measure.NanosecondsPer(Operations, 5, operations => Advance(table, sets, operations, ref random, ref next));
        Measure.Line("mark, cursor advances, random sets", $"{1e3 / advance:F2} M/s, {advance:F0} ns");
    }

    private static long Advance(ReadTable table, int sets, int operations, ref ulong random, ref long next)
    {
        long changed = 0;
        next++;
        for (var n = 0; n < operations; n++)
        {
            var i = Measure.Below(ref random, sets);
            changed += table.Mark(Cursors.User(i), Cursors.Channel(i), 1, next);
        }

        return changed;
    }
}
