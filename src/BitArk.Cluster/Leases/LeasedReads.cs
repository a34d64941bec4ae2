using System.Diagnostics.CodeAnalysis;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Routing;

namespace BitArk.Cluster.Leases;

/// <summary>
/// LEADER reads of one request, at the leader: look, then ask the lease. Where it does not hold, a majority's echo is waited for;
/// where the leadership is over, the look is done again at the next leader, wherever that is, unless the request must stay here.
/// The slow ways stand apart, so that the fast ones allocate nothing.
/// </summary>
/// <param name="here">This replica's memory.</param>
/// <param name="gate">The lease of the epoch that it led when the request came.</param>
/// <param name="router">The way to the next leader.</param>
/// <param name="route">How the request may travel.</param>
/// <param name="deadline">When the caller stops waiting.</param>
[SuppressMessage("Reliability", "CA2012", Justification = "A look-up that is not returned is awaited, once, on the slow way.")]
internal sealed class LeasedReads(PartitionReads here, LeaderGate gate, ReadRouter router, CallRoute route, CancellationToken deadline) : IPartitionReads
{
    private RoutedReads? _elsewhere;

    public bool EndsInTime => true;

    public ReadPosition Position => _elsewhere is { Position: var there } && there.IsBeyond(here.Position) ? there : here.Position;

    public ValueTask<bool> WaitForAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation) => here.WaitForAsync(seen, atMost, cancellation);

    public ValueTask<bool> ContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message)
    {
        var look = here.ContainsAsync(ns, user, channel, message);
        return look.IsCompletedSuccessfully && gate.IsHeld ? look : SlowAsync(look, ns, user, channel, message);
    }

    public ValueTask ContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read)
    {
        var look = here.ContainsManyAsync(ns, user, channel, messages, read);
        return look.IsCompletedSuccessfully && gate.IsHeld ? look : SlowAsync(look, ns, user, channel, messages, read);
    }

    public ValueTask<UnreadResult> UnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head)
    {
        var look = here.UnreadAsync(ns, user, channel, head);
        return look.IsCompletedSuccessfully && gate.IsHeld ? look : SlowUnreadAsync(look, ns, user, channel, head);
    }

    public ValueTask<ReadStateResult> ReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges)
    {
        var look = here.ReadStateAsync(ns, user, channel, head, maxRanges);
        return look.IsCompletedSuccessfully && gate.IsHeld ? look : SlowAsync(look, ns, user, channel, head, maxRanges);
    }

    public ValueTask<ReadOnlyMemory<byte>> ExportAsync(NamespaceId ns, UserId user, ChannelId channel)
    {
        var look = here.ExportAsync(ns, user, channel);
        return look.IsCompletedSuccessfully && gate.IsHeld ? look : SlowExportAsync(look, ns, user, channel);
    }

    private ValueTask<bool> SlowAsync(ValueTask<bool> look, NamespaceId ns, UserId user, ChannelId channel, long message) =>
        AssureAsync(look, reads => reads.ContainsAsync(ns, user, channel, message));

    private ValueTask SlowAsync(ValueTask look, NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read) =>
        new(AssureAsync(Answered(look), reads => Answered(reads.ContainsManyAsync(ns, user, channel, messages, read))).AsTask());

    private ValueTask<UnreadResult> SlowUnreadAsync(ValueTask<UnreadResult> look, NamespaceId ns, UserId user, ChannelId channel, long head) =>
        AssureAsync(look, reads => reads.UnreadAsync(ns, user, channel, head));

    private ValueTask<ReadStateResult> SlowAsync(ValueTask<ReadStateResult> look, NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges) =>
        AssureAsync(look, reads => reads.ReadStateAsync(ns, user, channel, head, maxRanges));

    private ValueTask<ReadOnlyMemory<byte>> SlowExportAsync(ValueTask<ReadOnlyMemory<byte>> look, NamespaceId ns, UserId user, ChannelId channel) =>
        AssureAsync(look, reads => reads.ExportAsync(ns, user, channel));

    private static async ValueTask<bool> Answered(ValueTask look)
    {
        await look.ConfigureAwait(false);
        return true;
    }

    private async ValueTask<T> AssureAsync<T>(ValueTask<T> look, Func<IPartitionReads, ValueTask<T>> again)
    {
        // It may have been overtaken by the writer.
        var answer = look.IsCompletedSuccessfully ? look.Result : await look.AsTask().WaitAsync(deadline).ConfigureAwait(false);
        var confirmed = gate.IsHeld ? LeaseAnswer.Confirmed : await gate.ConfirmAsync(deadline).ConfigureAwait(false);
        if (confirmed == LeaseAnswer.Confirmed)
            return answer;
        // Without a majority's echo nobody here knows of another leader.
        if (route.Stays || confirmed == LeaseAnswer.NotInTime)
            throw new ReadRefusedException(Unconfirmed());

        return await again(Elsewhere()).ConfigureAwait(false);
    }

    /// <summary>The refusal of a leader that may lead no longer.</summary>
    internal static ReadRefusal Unconfirmed() => new ReadRefusal.NoLeader("the leadership ended, or no majority confirmed it in time");

    // Look-ups of one request may run side by side.
    private RoutedReads Elsewhere()
    {
        if (_elsewhere is { } known)
            return known;

        var made = new RoutedReads(router, fromLeader: true, route, deadline);
        return Interlocked.CompareExchange(ref _elsewhere, made, null) ?? made;
    }
}
