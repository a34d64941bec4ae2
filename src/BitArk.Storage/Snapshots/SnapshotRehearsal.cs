using BitArk.Storage.Memory;
using BitArk.Storage.ReadTables;

namespace BitArk.Storage.Snapshots;

/// <summary>
/// A capture of next to nothing, so that the code of the writer's part is compiled before the writer needs it: compiling is most of
/// what the first snapshot of a process makes it wait for (4 ms, against 0.6 ms for 20 million read sets).
/// </summary>
public static class SnapshotRehearsal
{
    /// <summary>Captures a small table, changing it before and meanwhile; on any thread, beside anything.</summary>
    public static void Run()
    {
        using var tables = new ReadTableSet();
        var table = tables.GetOrAdd(NamespaceId.Default);
        Mark(table, user => new MessageRange(user, 2L * user));
        var capture = tables.BeginCapture(2 * CaptureBlock.MaxPayloadBytes);
        Mark(table, user => new MessageRange(3L * user, 4L * user));
        while (!capture.CopySome(1))
        {
            while (capture.TryTake(out var block))
            {
                capture.Return(block);
            }
        }

        capture.Abort();
        while (capture.TryTake(out var block))
        {
            capture.Return(block);
        }
    }

    private static void Mark(ReadTable table, Func<int, MessageRange> range)
    {
        for (var user = 1; user <= 200; user++)
        {
            var (from, to) = range(user);
            _ = table.Mark(new UserId(user), new ChannelId(1), from, to);
        }
    }
}
