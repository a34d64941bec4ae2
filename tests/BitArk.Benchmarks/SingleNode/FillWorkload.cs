using System.Diagnostics;
using System.Globalization;
using BitArk.Cluster;

namespace BitArk.Benchmarks.SingleNode;

/// <summary>Leaves a data directory behind with exactly so many acknowledged marks in its log, to measure restarts with.</summary>
internal static class FillWorkload
{
    private const int Callers = 256;
    private const int Channels = 4;
    private const int Messages = 1000;

    /// <summary>
    /// Single random ids into <paramref name="sets"/> read sets, <paramref name="batch"/> in a record; or, with as many sets as marks, one new set by each mark.
    /// </summary>
    public static async Task RunAsync(IPartition partition, int marks, int sets, int batch)
    {
        var clock = Stopwatch.StartNew();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            while (Interlocked.Add(ref next, batch) - batch is var first && first < marks)
            {
                var operations = Enumerable.Range(first, Math.Min(batch, marks - first))
                    .Select(i => sets >= marks ? Mark(i, 0, 10, 1) : Mark(random.Next(sets / Channels), random.Next(Channels), random.Next(1, Messages), null)).ToArray();
                if (await partition.WriteAsync(new WriteCommand(operations), CancellationToken.None) is not WriteOutcome.Committed)
                    throw new InvalidOperationException("A write was refused.");
            }
        })));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{marks:N0} marks in {partition.Positions.ReadSets:N0} read sets after {clock.Elapsed.TotalSeconds:F1} s"));
    }

    private static MarkOperation Mark(int user, int channel, long message, long? from) =>
        new(OperationKind.Mark, NamespaceId.Default, new UserId(user), new ChannelId(channel), new MessageRange(from ?? message, message));
}
