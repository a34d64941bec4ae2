namespace BitArk.Cluster.Routing;

/// <summary>
/// The reads of one request that cannot be answered from this node's own memory. Each look-up finds its way by itself and
/// covers what the ones before it saw, so the request as a whole never goes back. One request.
/// </summary>
internal sealed class RoutedReads(ReadRouter router, bool fromLeader, CallRoute route, CancellationToken deadline) : IPartitionReads
{
    private readonly Lock _gate = new();
    private ReadPosition _seen = route.Seen;

    public bool EndsInTime => true;

    public ReadPosition Position
    {
        get
        {
            lock (_gate)
                return _seen;
        }
    }

    // The replica that answers waits, for it alone knows how far it is.
    public ValueTask<bool> WaitForAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation)
    {
        Cover(seen);
        return new(true);
    }

    public ValueTask<bool> ContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message) =>
        AskAsync(reads => reads.ContainsAsync(ns, user, channel, message));

    public async ValueTask ContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read) =>
        await AskAsync(async reads =>
        {
            await reads.ContainsManyAsync(ns, user, channel, messages, read).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    public async ValueTask ContainsManyAsync(NamespaceId ns, ReadOnlyMemory<LookUp> looks, ReadOnlyMemory<long> messages, Memory<bool> read) =>
        await AskAsync(async reads =>
        {
            await reads.ContainsManyAsync(ns, looks, messages, read).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    public ValueTask<ReadStateResult> ReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges) =>
        AskAsync(reads => reads.ReadStateAsync(ns, user, channel, head, maxRanges));

    public ValueTask<UnreadResult> UnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head) =>
        AskAsync(reads => reads.UnreadAsync(ns, user, channel, head));

    public async ValueTask UnreadManyAsync(NamespaceId ns, UserId user, ReadOnlyMemory<HeadLookUp> heads, Memory<UnreadResult> unread) =>
        await AskAsync(async reads =>
        {
            await reads.UnreadManyAsync(ns, user, heads, unread).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

    public ValueTask<ReadOnlyMemory<byte>> ExportAsync(NamespaceId ns, UserId user, ChannelId channel) =>
        AskAsync(reads => reads.ExportAsync(ns, user, channel));

    private ValueTask<T> AskAsync<T>(Func<IPartitionReads, ValueTask<T>> look) => router.ReadAsync(
        fromLeader,
        route with { Seen = Position },
        async reads =>
        {
            var answer = await look(reads).ConfigureAwait(false);
            Cover(reads.Position);
            return answer;
        },
        deadline);

    private void Cover(ReadPosition seen)
    {
        lock (_gate)
        {
            if (seen.IsBeyond(_seen))
                _seen = seen;
        }
    }
}
