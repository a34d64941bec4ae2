using BitArk.Cluster;

namespace BitArk.Cli.Bench;

/// <summary>A node inside this process, called the way its front ends call it: write path through the actors, reads straight from memory.</summary>
internal sealed class InProcessTarget(IReadStatusNode node, TargetFacts facts, IAsyncDisposable owner) : IBenchTarget
{
    private readonly IReadOnlyList<IPartition> _partitions = node.Partitions;

    /// <inheritdoc/>
    public TargetFacts Facts => facts;

    /// <inheritdoc/>
    public ValueTask<CallResult> WriteAsync(int caller, ReadOnlyMemory<MarkOperation> operations, CancellationToken cancellation)
    {
        if (_partitions.Count == 1 || operations.Length == 1)
        {
            return OneAsync(PartitionOf(operations.Span[0].User), operations, cancellation);
        }

        return SplitAsync(operations, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<CallResult> IsReadAsync(int caller, UserId user, ChannelId channel, long message, CancellationToken cancellation)
    {
        await PartitionOf(user).Reads.ContainsAsync(NamespaceId.Default, user, channel, message).ConfigureAwait(false);
        return CallResult.Done;
    }

    /// <inheritdoc/>
    public async ValueTask<CallResult> AreReadAsync(int caller, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, CancellationToken cancellation)
    {
        var read = System.Buffers.ArrayPool<bool>.Shared.Rent(messages.Length);
        await PartitionOf(user).Reads.ContainsManyAsync(NamespaceId.Default, user, channel, messages, read.AsMemory(0, messages.Length)).ConfigureAwait(false);
        System.Buffers.ArrayPool<bool>.Shared.Return(read);
        return CallResult.Done;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => owner.DisposeAsync();

    private static async ValueTask<CallResult> OneAsync(IPartition partition, ReadOnlyMemory<MarkOperation> operations, CancellationToken cancellation)
    {
        var outcome = await partition.WriteAsync(new WriteCommand(operations), cancellation).ConfigureAwait(false);
        return outcome is WriteOutcome.Committed ? CallResult.Done : new CallResult(outcome.GetType().Name);
    }

    /// <summary>One record per partition, all written at once, as a front end does with a batch of many users.</summary>
    private async ValueTask<CallResult> SplitAsync(ReadOnlyMemory<MarkOperation> operations, CancellationToken cancellation)
    {
        var writes = operations.ToArray()
            .GroupBy(operation => PartitionId.Of(operation.User, _partitions.Count).Value)
            .Select(group => OneAsync(_partitions[group.Key], group.ToArray(), cancellation).AsTask());
        var results = await Task.WhenAll(writes).ConfigureAwait(false);
        return Array.Find(results, result => result.Failure is not null);
    }

    private IPartition PartitionOf(UserId user) => _partitions[_partitions.Count == 1 ? 0 : PartitionId.Of(user, _partitions.Count).Value];
}
