namespace BitArk.Cluster.Tests.Support;

/// <summary>Short words for writes and reads.</summary>
internal static class Words
{
    public static readonly UserId User = new(1);
    public static readonly ChannelId Channel = new(2);

    public static MarkOperation Mark(long from, long to, long user = 1) => Operation(OperationKind.Mark, from, to, user);

    public static MarkOperation Unmark(long from, long to, long user = 1) => Operation(OperationKind.Unmark, from, to, user);

    public static WriteCommand Command(params MarkOperation[] operations) => new(operations);

    public static async Task<WriteOutcome> WriteAsync(this IPartition partition, params MarkOperation[] operations) =>
        await partition.WriteAsync(Command(operations), CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>A write that must be committed. A leader whose machine did nothing for longer than its lease says that it leads no more, and is asked again.</summary>
    public static async Task<WriteOutcome.Committed> CommitAsync(this IPartition partition, params MarkOperation[] operations)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (true)
        {
            var outcome = await partition.WriteAsync(operations);
            if (outcome is not WriteOutcome.NoLeader || deadline.IsCancellationRequested)
                return Assert.IsType<WriteOutcome.Committed>(outcome);

            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Repeats a write until it has this outcome.</summary>
    public static async Task<T> UntilAsync<T>(this IPartition partition, params MarkOperation[] operations)
        where T : WriteOutcome
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var outcome = await partition.WriteAsync(operations);
            if (outcome is T wanted)
                return wanted;

            Assert.False(deadline.IsCancellationRequested, $"It stayed at {outcome}.");
        }
    }

    public static async Task<bool> IsReadAsync(this IPartition partition, long message, long user = 1) =>
        await partition.Reads.ContainsAsync(NamespaceId.Default, new UserId(user), Channel, message);

    private static MarkOperation Operation(OperationKind kind, long from, long to, long user) =>
        new(kind, NamespaceId.Default, new UserId(user), Channel, new MessageRange(from, to));
}
