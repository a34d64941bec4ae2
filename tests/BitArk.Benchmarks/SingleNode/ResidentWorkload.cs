using System.Diagnostics;
using System.Globalization;
using BitArk.Cluster;

namespace BitArk.Benchmarks.SingleNode;

/// <summary>What a node with many read sets resident does beside its work: the garbage collector's pauses, and writes while a snapshot is written.</summary>
internal static class ResidentWorkload
{
    private const int FillBatch = 4096;
    private const int FillCallers = 8;

    /// <summary>Fills the node with cursor-only read sets, one per user.</summary>
    public static async Task FillAsync(IPartition partition, int readSets)
    {
        var clock = Stopwatch.StartNew();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, FillCallers).Select(_ => Task.Run(async () =>
        {
            var operations = new MarkOperation[FillBatch];
            while (Interlocked.Add(ref next, FillBatch) is var end && end - FillBatch < readSets)
            {
                for (var i = 0; i < FillBatch; i++)
                    operations[i] = Mark(end - FillBatch + i, 10);
                await WriteAsync(partition, operations);
            }
        })));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{partition.Positions.ReadSets:N0} read sets resident after {clock.Elapsed.TotalSeconds:F1} s, table {partition.Positions.MemoryBytes >> 20} MiB, process {Environment.WorkingSet >> 20} MiB"));
    }

    /// <summary>Mixed load: 64 callers write single marks, one reads as fast as it can; the pauses of the collector are listed.</summary>
    public static async Task QuietAsync(IPartition partition, int readSets, TimeSpan duration)
    {
        using var listener = new PauseListener();
        var collections = GC.CollectionCount(0);
        using var end = new CancellationTokenSource(duration);
        var writers = Enumerable.Range(0, 64).Select(caller => Task.Run(() => WriteUntilAsync(partition, caller, readSets, end.Token))).ToArray();
        var (reads, asked, readBytes) = await Task.Run(() => ReadUntil(partition, readSets, end.Token));
        var writes = (await Task.WhenAll(writers)).Sum();
        var pauses = listener.Pauses;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{duration.TotalSeconds:F0} s mixed: {writes:N0} durable writes, {reads:N0} reads with {readBytes / (double)reads:F4} B allocated each, {asked} of them overtaken until they asked the writer; {GC.CollectionCount(0) - collections} collections, {pauses.Count} pauses, longest {Longest(pauses):F2} ms, sum {pauses.Sum(p => p.TotalMilliseconds):F1} ms"));
    }

    /// <summary>The rate of single marks without and with a snapshot being written, in turn.</summary>
    public static async Task BesideSnapshotAsync(IPartition partition, int callers, TimeSpan duration)
    {
        Console.WriteLine(MarkWorkload.Header);
        for (var round = 0; round < 3; round++)
        {
            Console.WriteLine("without a snapshot:");
            await MarkWorkload.RunAsync(partition, callers, 1, duration);
            Console.WriteLine("while snapshots are written, one after the other:");
            using var end = new CancellationTokenSource();
            var snapshots = SnapshotsUntilAsync(partition, end.Token);
            await MarkWorkload.RunAsync(partition, callers, 1, duration);
            await end.CancelAsync();
            Console.WriteLine($"({await snapshots} snapshots)");
        }
    }

    private static async Task<int> SnapshotsUntilAsync(IPartition partition, CancellationToken end)
    {
        var written = 0;
        for (; !end.IsCancellationRequested; written++)
        {
            if (await partition.SnapshotAsync(CancellationToken.None) is SnapshotOutcome.Failed failed)
                Console.WriteLine($"snapshot failed: {failed.Reason}");
        }

        return written;
    }

    private static double Longest(IReadOnlyList<TimeSpan> pauses) => pauses.Count == 0 ? 0 : pauses.Max().TotalMilliseconds;

    private static (long Reads, long Asked, long Bytes) ReadUntil(IPartition partition, int readSets, CancellationToken end)
    {
        var random = new Random(1);
        var (reads, asked) = (0L, 0L);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (; !end.IsCancellationRequested; reads++)
        {
            var read = partition.Reads.ContainsAsync(NamespaceId.Default, new UserId(random.Next(readSets)), new ChannelId(1), 5);
            if (read.IsCompletedSuccessfully)
            {
                _ = read.Result;
                continue;
            }

            // The writer's thread was taken off its core in the middle of a change.
            asked++;
            _ = read.AsTask().GetAwaiter().GetResult();
        }

        return (reads, asked, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static async Task<long> WriteUntilAsync(IPartition partition, int caller, int readSets, CancellationToken end)
    {
        var random = new Random(caller);
        var operations = new MarkOperation[1];
        var writes = 0L;
        for (; !end.IsCancellationRequested; writes++)
        {
            operations[0] = Mark(random.Next(readSets), random.Next(10, 1000));
            await WriteAsync(partition, operations);
        }

        return writes;
    }

    internal static async Task WriteAsync(IPartition partition, MarkOperation[] operations)
    {
        if (await partition.WriteAsync(new WriteCommand(operations), CancellationToken.None) is not WriteOutcome.Committed)
            throw new InvalidOperationException("A write was refused.");
    }

    internal static MarkOperation Mark(int user, long upTo) =>
        new(OperationKind.Mark, NamespaceId.Default, new UserId(user), new ChannelId(1), new MessageRange(1, upTo));
}
