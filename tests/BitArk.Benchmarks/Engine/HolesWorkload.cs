using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>Contains in sets with holes beside contains in cursors of a table with as many bytes behind it.</summary>
internal static class HolesWorkload
{
    private const int Operations = 2_000_000;
    private const int Runs = 5;

    public static void Run(int sets)
    {
        using var cursors = Cursors.Fill(sets);
        ulong random = 88172645463325252;
        var cursor = Measure.NanosecondsPer(Operations, Runs, operations => Cursors.Look(cursors, sets, operations, ref random));
        Measure.Line($"contains, {sets:N0} cursors", $"{cursor:F1} ns");
        Compare("few ids (3 in 100,000)", Math.Min(sets, 2_000_000), 100_000, cursor, (table, user, r) =>
        {
            for (var n = 0; n < 3; n++)
            {
                Mark(table, user, r.Next(100_000));
            }
        });
        Compare("array (200 ids in 65,536)", Math.Min(sets, 500_000), 65_536, cursor, (table, user, r) =>
        {
            for (var n = 0; n < 200; n++)
            {
                Mark(table, user, r.Next(65_536));
            }
        });
        Compare("runs (50 ranges in 60,000)", Math.Min(sets, 500_000), 60_000, cursor, (table, user, r) =>
        {
            for (var n = 0; n < 50; n++)
            {
                var from = (n * 1200) + r.Next(500);
                _ = table.Mark(new UserId(user), new ChannelId(1), from, from + 1 + r.Next(600));
            }
        });
        Compare("bitmap (6,000 ids in 65,536)", Math.Min(sets, 20_000), 65_536, cursor, (table, user, r) =>
        {
            for (var n = 0; n < 6000; n++)
            {
                Mark(table, user, r.Next(65_536));
            }
        });
        Compare("many chunks (16 bitmaps in 1 M)", Math.Min(sets, 1000), 1_000_000, cursor, (table, user, r) =>
        {
            for (var n = 0; n < 100_000; n++)
            {
                Mark(table, user, r.Next(1_000_000));
            }
        });
    }

    private static void Compare(string what, int sets, int bound, double cursor, Action<ReadTable, int, Random> fill)
    {
        using var table = new ReadTable();
        var random = new Random(42);
        for (var user = 0; user < sets; user++)
        {
            fill(table, user, random);
        }

        using var same = new ReadTable();
        for (var user = 0; user < sets; user++)
        {
            _ = same.Mark(new UserId(user), new ChannelId(1), 1, 1000);
        }

        var holes = Measure.NanosecondsPer(Operations, Runs, operations => Look(table, sets, bound, operations));
        var plain = Measure.NanosecondsPer(Operations, Runs, operations => Look(same, sets, bound, operations));
        Measure.Line(what, $"{holes:F1} ns: {holes / cursor:F2} x the large cursor table, {holes / plain:F2} x {sets:N0} cursors ({plain:F1} ns)");
    }

    private static void Mark(ReadTable table, int user, int id) => _ = table.Mark(new UserId(user), new ChannelId(1), id, id);

    private static long Look(ReadTable table, int sets, int bound, int operations)
    {
        ulong random = 88172645463325252;
        long read = 0;
        for (var n = 0; n < operations; n++)
        {
            var user = Measure.Below(ref random, sets);
            read += table.TryContains(new UserId(user), new ChannelId(1), Measure.Below(ref random, bound), out var isRead) && isRead ? 1 : 0;
        }

        return read;
    }
}
