namespace BitArk.Benchmarks.Replicated;

/// <summary>Makes the leader's log longer, as fast as batches of marks do.</summary>
internal static class LogFill
{
    private const int Callers = 8;
    private const int Batch = 2000;
    private const int Channels = 1000;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Writes random marks into read sets that exist soon, until the log is so many bytes longer.</summary>
    public static async Task BytesAsync(NodeProcesses nodes, long bytes)
    {
        var from = await nodes.WrittenAsync();
        await using var target = new GrpcTarget(nodes, Callers);
        using var end = new CancellationTokenSource();
        var writing = new CallLoad(target, Callers, Batch).RunAsync(end.Token);
        using var ticks = new PeriodicTimer(Look);
        while (!writing.IsCompleted && await nodes.WrittenAsync() - from < bytes)
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        await end.CancelAsync();
        _ = await writing;
    }

    /// <summary>Makes that many read sets of one cursor each.</summary>
    public static async Task SetsAsync(NodeProcesses nodes, int sets)
    {
        await using var target = new GrpcTarget(nodes, Callers);
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            while (Interlocked.Add(ref next, Batch) - Batch is var first && first < sets)
            {
                MarkOperation[] marks = [.. Enumerable.Range(first, Math.Min(Batch, sets - first)).Select(i =>
                    new MarkOperation(OperationKind.Mark, NamespaceId.Default, new UserId(i), new ChannelId(i % Channels), new MessageRange(1, 1 + (i % 1000))))];
                await target.WriteAsync(caller, marks);
            }
        })));
    }
}
