using BitArk.Storage.ReadTables;

namespace BitArk.Benchmarks.Engine;

/// <summary>The shape most of the product has: read sets that are one cursor. Set i belongs to user i in channel i mod 1000 and reaches 1 + i mod 1000.</summary>
internal static class Cursors
{
    public static ReadTable Fill(int sets)
    {
        var table = new ReadTable();
        for (var i = 0; i < sets; i++)
        {
            _ = table.Mark(User(i), Channel(i), 1, 1 + (i % 1000));
        }

        return table;
    }

    public static UserId User(int i) => new(i);

    public static ChannelId Channel(int i) => new(i % 1000);

    /// <summary>Random look-ups of sets that exist; every second message is read.</summary>
    public static long Look(ReadTable table, int sets, int operations, ref ulong random)
    {
        long read = 0;
        for (var n = 0; n < operations; n++)
        {
            var i = Measure.Below(ref random, sets);
            if (table.TryContains(User(i), Channel(i), 1 + ((n & 1) * 1000), out var isRead) && isRead)
            {
                read++;
            }
        }

        return read;
    }
}
