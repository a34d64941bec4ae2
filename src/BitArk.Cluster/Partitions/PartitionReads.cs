using System.Buffers;
using Akka.Actor;
using BitArk.Cluster.Bitmap;
using BitArk.Storage.ReadTables;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>
/// Reads of one replica's memory on the caller's own thread. Only a look-up that the writer overtook too often goes to the
/// BitmapActor, where nothing overtakes it. Any thread.
/// </summary>
internal sealed class PartitionReads(ReplicaStore store, IActorRef bitmap, PartitionStatus status) : IPartitionReads
{
    private readonly PartitionState _state = store.State;
    private readonly Func<Lsn> _applied = () => store.State.LastAppliedLsn;

    public ReadPosition Position
    {
        get
        {
            // Between two equal readings no epoch began: the position belongs to that one.
            while (true)
            {
                var history = status.History;
                var position = new ReadPosition(history.Last, _state.ApplyingTo);
                if (ReferenceEquals(history, status.History))
                    return position;
            }
        }
    }

    public ValueTask<bool> WaitForAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation) =>
        Covers(seen) ? new(true) : WaitAsync(seen, atMost, cancellation);

    public ValueTask<bool> ContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message)
    {
        if (_state.Tables.Find(ns) is not { } table)
            return new(false);

        return table.TryContains(user, channel, message, out var read)
            ? new(read)
            : AskContainsAsync(ns, user, channel, message);
    }

    public ValueTask ContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read)
    {
        if (_state.Tables.Find(ns) is not { } table)
        {
            read.Span[..messages.Length].Clear();
            return ValueTask.CompletedTask;
        }

        if (table.TryContainsMany(user, channel, messages.Span, read.Span))
            return ValueTask.CompletedTask;

        return AskContainsManyAsync(ns, user, channel, messages, read);
    }

    public ValueTask<UnreadResult> UnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head)
    {
        if (_state.Tables.Find(ns) is not { } table)
            return new(new UnreadResult(head, head >= 1 ? 1 : null));

        return table.TryReadState(user, channel, head, [], out var raw)
            ? new(ToUnread(raw))
            : AskUnreadAsync(ns, user, channel, head);
    }

    public ValueTask<ReadStateResult> ReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges)
    {
        if (_state.Tables.Find(ns) is not { } table)
            return new(new ReadStateResult(0, head, head >= 1 ? 1 : null, [], Truncated: false));

        return TryReadState(table, user, channel, head, maxRanges, out var result)
            ? new(result)
            : AskReadStateAsync(ns, user, channel, head, maxRanges);
    }

    public ValueTask<ReadOnlyMemory<byte>> ExportAsync(NamespaceId ns, UserId user, ChannelId channel)
    {
        if (_state.Tables.Find(ns) is not { } table)
            return new(ReadSetExport.Empty);

        return ReadSetExport.TryLookUp(table, user, channel, out var ranges)
            ? new(ReadSetExport.Encode(ranges))
            : EncodeAsync(AskRangesAsync(ns, user, channel));
    }

    private static bool TryReadState(ReadTable table, UserId user, ChannelId channel, long? head, int maxRanges, out ReadStateResult result)
    {
        var ranges = ArrayPool<MessageRange>.Shared.Rent(maxRanges);
        try
        {
            var held = table.TryReadState(user, channel, head ?? -1, ranges.AsSpan(0, maxRanges), out var raw);
            result = held
                ? new ReadStateResult(raw.Cursor, head is null ? null : raw.Unread, Present(raw.FirstUnread), ranges[..raw.RangeCount], raw.Truncated)
                : default;
            return held;
        }
        finally
        {
            ArrayPool<MessageRange>.Shared.Return(ranges);
        }
    }

    private static UnreadResult ToUnread(RawReadState raw) => new(raw.Unread, Present(raw.FirstUnread));

    private static long? Present(long id) => id < 0 ? null : id;

    // On the writer's own thread nothing changes under a look-up.
    private static T Sure<T>(bool held, T value) =>
        held ? value : throw new InvalidOperationException("The writer's own look-up was overtaken.");

    private bool Covers(ReadPosition seen) => _state.LastAppliedLsn >= seen.Lsn && status.History.Last >= seen.Epoch;

    // A position of an epoch that is not known here is waited for even where the log is long enough: its bytes may be others.
    private async ValueTask<bool> WaitAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(atMost);
        try
        {
            while (!Covers(seen))
            {
                var applied = _state.LastAppliedLsn;
                await status.Waiters.When(applied >= seen.Lsn ? applied.Plus(1) : seen.Lsn, _applied, bound.Token).ConfigureAwait(false);
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    // On the reader's own time: a large set takes long to encode, and the writer has better things to do.
    private static async ValueTask<ReadOnlyMemory<byte>> EncodeAsync(ValueTask<ArraySegment<MessageRange>> ranges) =>
        ReadSetExport.Encode(await ranges.ConfigureAwait(false));

    // The slow ways stand apart: a lambda allocates what it captures where its method begins, taken or not, and the fast
    // ways above allocate nothing.
    private ValueTask<bool> AskContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message) =>
        AskAsync(ns, known => Sure(known.TryContains(user, channel, message, out var found), found));

    private ValueTask AskContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read) =>
        new(AskAsync(ns, known => Sure(known.TryContainsMany(user, channel, messages.Span, read.Span), true)).AsTask());

    private ValueTask<UnreadResult> AskUnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head) =>
        AskAsync(ns, known => Sure(known.TryReadState(user, channel, head, [], out var found), ToUnread(found)));

    private ValueTask<ReadStateResult> AskReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges) =>
        AskAsync(ns, known => Sure(TryReadState(known, user, channel, head, maxRanges, out var found), found));

    private ValueTask<ArraySegment<MessageRange>> AskRangesAsync(NamespaceId ns, UserId user, ChannelId channel) =>
        AskAsync(ns, known => Sure(ReadSetExport.TryLookUp(known, user, channel, out var found), found));

    private ValueTask<T> AskAsync<T>(NamespaceId ns, Func<ReadTable, T> look)
    {
        var read = new OvertakenRead<T>(state => look(state.Tables.Find(ns)!));
        bitmap.Tell(read, ActorRefs.NoSender);
        return new ValueTask<T>(read.Task);
    }
}
