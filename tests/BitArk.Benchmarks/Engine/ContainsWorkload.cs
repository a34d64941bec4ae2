namespace BitArk.Benchmarks.Engine;

/// <summary>Random contains over cursor-only read sets, beside the bare flat table in the same run, with and without huge pages under the latter.</summary>
internal static class ContainsWorkload
{
    private const int Operations = 4_000_000;
    private const int Runs = 5;

    public static void Run(int sets)
    {
        var small = Flat(sets, hugePages: false);
        var huge = Flat(sets, hugePages: true);
        using var table = Cursors.Fill(sets);
        ulong random = 88172645463325252;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var ours = Measure.NanosecondsPer(Operations, Runs, operations => Cursors.Look(table, sets, operations, ref random));
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var flatSmall = Measure.NanosecondsPer(Operations, Runs, operations => Look(small, sets, operations));
        var flatHuge = Measure.NanosecondsPer(Operations, Runs, operations => Look(huge, sets, operations));
        var again = Measure.NanosecondsPer(Operations, Runs, operations => Cursors.Look(table, sets, operations, ref random));
        Measure.Line($"contains, {sets:N0} cursors", $"{ours:F1} and {again:F1} ns, {allocated / (double)(Operations * (Runs + 1)):F4} B/op");
        Measure.Line("flat table, small pages", $"{flatSmall:F1} ns: ratio {Math.Min(ours, again) / flatSmall:F2}");
        Measure.Line("flat table, huge pages", $"{flatHuge:F1} ns: ratio {Math.Min(ours, again) / flatHuge:F2}");
    }

    private static FlatTable Flat(int sets, bool hugePages)
    {
        var flat = new FlatTable(sets, hugePages);
        for (var i = 0; i < sets; i++)
        {
            flat.Set(Cursors.User(i).Value, Cursors.Channel(i).Value, 1 + ((ulong)i % 1000));
        }

        return flat;
    }

    private static long Look(FlatTable table, int sets, int operations)
    {
        ulong random = 88172645463325252;
        long read = 0;
        for (var n = 0; n < operations; n++)
        {
            var i = Measure.Below(ref random, sets);
            read += table.Contains(Cursors.User(i).Value, Cursors.Channel(i).Value, 1 + ((n & 1) * 1000)) ? 1 : 0;
        }

        return read;
    }
}
