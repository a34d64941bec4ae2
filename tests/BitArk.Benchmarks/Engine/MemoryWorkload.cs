using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>Growth of the process's resident memory over the empty process, nothing left out, for the shapes the peers were measured with.</summary>
internal static class MemoryWorkload
{
    public static void Run(string shape, int sets)
    {
        Warm();
        var before = Measure.ResidentBytes();
        using var table = new ReadTable();
        var random = new Random(42);
        switch (shape)
        {
            case "a":
                Report("(a) prefix of 1..2000 with 1 % holes", table, before, PrefixWithHoles(table, random, sets = Or(sets, 1_000_000)), sets, 100, "set");
                break;
            case "b":
                Report("(b) 3 random ids in 0..100,000", table, before, RandomIds(table, random, sets = Or(sets, 1_000_000), 3, 100_000), sets, 72, "set");
                break;
            case "c":
                var marks = RandomIds(table, random, Or(sets, 10_000), 100_000, 1_000_000);
                Report("(c) 100 k random ids in 0..1 M", table, before, marks, marks, 1.3, "mark");
                break;
            default:
                sets = Or(sets, 20_000_000);
                for (var i = 0; i < sets; i++)
                {
                    _ = table.Mark(Cursors.User(i), Cursors.Channel(i), 1, 1 + (i % 1000));
                }

                Report("(d) cursors", table, before, sets, sets, 41, "set");
                break;
        }
    }

    private static long PrefixWithHoles(ReadTable table, Random random, int sets)
    {
        long marks = 0;
        for (var i = 0; i < sets; i++)
        {
            // As it comes about: ranges arrive, with a hole where one in a hundred messages was left out.
            var end = random.Next(1, 2001);
            var from = 1;
            for (var id = 1; id <= end + 1; id++)
            {
                if (id > end || random.Next(100) == 0)
                {
                    marks += from < id ? table.Mark(new UserId(i), new ChannelId(1), from, id - 1) : 0;
                    from = id + 1;
                }
            }
        }

        return marks;
    }

    private static long RandomIds(ReadTable table, Random random, int sets, int ids, int bound)
    {
        long marks = 0;
        for (var i = 0; i < sets; i++)
        {
            for (var n = 0; n < ids;)
            {
                var id = random.Next(bound);
                var changed = (int)table.Mark(new UserId(i), new ChannelId(1), id, id);
                marks += changed;
                n += changed;
            }
        }

        return marks;
    }

    private static void Report(string shape, ReadTable table, long before, long marks, long units, double target, string unit)
    {
        var grown = Measure.ResidentBytes() - before;
        Measure.Line(shape, $"{grown / (double)units:F2} B/{unit} (target {target}), {table.Count:N0} sets, {marks:N0} marks, RSS +{grown >> 20} MiB, table says {table.MemoryBytes >> 20} MiB");
    }

    private static int Or(int given, int otherwise) => given > 0 ? given : otherwise;

    // The code itself, and what the runtime needs for it, is part of the empty process.
    private static void Warm()
    {
        using var table = new ReadTable();
        _ = RandomIds(table, new Random(1), 10, 100, 1000) + PrefixWithHoles(table, new Random(1), 100);
        GC.Collect();
    }
}
