using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>Many small read sets of users that no lane has, so that snapshots are large enough for something to happen while one travels. Compared by checksum alone.</summary>
internal static class Preload
{
    private const int PerWrite = 1_000;
    private const long FirstUser = 1_000_000_000;

    /// <summary>Writes that many read sets.</summary>
    /// <exception cref="NodeException">A write was not acknowledged.</exception>
    public static async Task WriteAsync(Member through, int readSets)
    {
        using var client = new NodeClient(through.Grpc);
        for (int done = 0; done < readSets; done += PerWrite)
        {
            MarkOperation[] write = [.. Enumerable.Range(done, PerWrite).Select(i =>
                new MarkOperation(OperationKind.Mark, NamespaceId.Default, new UserId(FirstUser + i), new ChannelId(i % 3), new MessageRange(1, 1 + (i % 500))))];
            IReadOnlyList<OperationAnswer> answers = await client.WriteAsync(write);
            if (answers.FirstOrDefault(answer => answer is not OperationAnswer.Acknowledged) is { } other)
                throw new NodeException($"preparing failed: {other}");
        }
    }
}
