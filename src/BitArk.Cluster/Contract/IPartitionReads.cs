namespace BitArk.Cluster;

/// <summary>
/// Reads of one replica's memory. For a replica on this node each call completes synchronously and without allocating unless a long scan was
/// overtaken by the writer too often; then it asks the BitmapActor. The position in each answer is the ApplyingTo seen
/// <i>after</i> the look-up: everything the answer can contain lies at or below it, so it is the answer's token.
/// </summary>
public interface IPartitionReads
{
    /// <summary>Whether look-ups end by themselves when the request's deadline passes: those that travel, or ask a majority.</summary>
    bool EndsInTime => false;

    /// <summary>The epoch and position that a read finished now is covered by.</summary>
    ReadPosition Position { get; }

    /// <summary>Completes when this replica has applied what <paramref name="seen"/> covers, of its epoch or a later one; at once if it has already. False: not in time.</summary>
    ValueTask<bool> WaitForAsync(ReadPosition seen, TimeSpan atMost, CancellationToken cancellation);

    /// <summary>Whether one message was read.</summary>
    ValueTask<bool> ContainsAsync(NamespaceId ns, UserId user, ChannelId channel, long message);

    /// <summary>Whether each message was read; <paramref name="read"/> is as long as <paramref name="messages"/>. All from one state.</summary>
    ValueTask ContainsManyAsync(NamespaceId ns, UserId user, ChannelId channel, ReadOnlyMemory<long> messages, Memory<bool> read);

    /// <summary>Cursor, unread count and first unread (against <paramref name="head"/>, or none when it is null), up to <paramref name="maxRanges"/> ranges. All from one state.</summary>
    ValueTask<ReadStateResult> ReadStateAsync(NamespaceId ns, UserId user, ChannelId channel, long? head, int maxRanges);

    /// <summary>The unread ids in 1 … <paramref name="head"/>: how many, and the first.</summary>
    ValueTask<UnreadResult> UnreadAsync(NamespaceId ns, UserId user, ChannelId channel, long head);

    /// <summary>The read set in the portable 64-bit Roaring format.</summary>
    ValueTask<ReadOnlyMemory<byte>> ExportAsync(NamespaceId ns, UserId user, ChannelId channel);

    /// <summary>Many look-ups at once, which travel as one call where they have to; each is all of one state.</summary>
    /// <param name="ns">The namespace of all of them.</param>
    /// <param name="looks">What to look up: a slice of <paramref name="messages"/> each.</param>
    /// <param name="messages">The message ids.</param>
    /// <param name="read">As long as <paramref name="messages"/>; gets the answers.</param>
    async ValueTask ContainsManyAsync(NamespaceId ns, ReadOnlyMemory<LookUp> looks, ReadOnlyMemory<long> messages, Memory<bool> read)
    {
        for (var i = 0; i < looks.Length; i++)
        {
            var look = looks.Span[i];
            await ContainsManyAsync(ns, look.User, look.Channel, messages.Slice(look.Start, look.Count), read.Slice(look.Start, look.Count)).ConfigureAwait(false);
        }
    }

    /// <summary>The unread ids of many channels of one user, which travel as one call where they have to.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="user">The user.</param>
    /// <param name="heads">The channels, and up to which id.</param>
    /// <param name="unread">As long as <paramref name="heads"/>; gets the answers.</param>
    async ValueTask UnreadManyAsync(NamespaceId ns, UserId user, ReadOnlyMemory<HeadLookUp> heads, Memory<UnreadResult> unread)
    {
        for (var i = 0; i < heads.Length; i++)
        {
            var head = heads.Span[i];
            var result = await UnreadAsync(ns, user, head.Channel, head.Head).ConfigureAwait(false);
            unread.Span[i] = result;
        }
    }
}

/// <summary>One of many look-ups: messages <paramref name="Start"/> … <paramref name="Start"/> + <paramref name="Count"/> - 1 of a list, in one read set.</summary>
public readonly record struct LookUp(UserId User, ChannelId Channel, int Start, int Count);

/// <summary>A channel and its newest message id.</summary>
public readonly record struct HeadLookUp(ChannelId Channel, long Head);

/// <summary>What a read is covered by: the history up to <paramref name="Lsn"/>, whose last record there is of <paramref name="Epoch"/>.</summary>
public readonly record struct ReadPosition(Epoch Epoch, Lsn Lsn)
{
    /// <summary>Whether it covers more than the other: a later epoch, or a later position of the same one.</summary>
    public bool IsBeyond(ReadPosition other) => Epoch > other.Epoch || (Epoch == other.Epoch && Lsn > other.Lsn);
}

/// <summary>One read set summarised.</summary>
/// <param name="Cursor">The largest N with 1 … N all read; 0 if 1 is not.</param>
/// <param name="Unread">Ids in 1 … head not read; null without a head.</param>
/// <param name="FirstUnread">The smallest of them; null if none or without a head.</param>
/// <param name="Ranges">Ascending, disjoint, not adjacent.</param>
/// <param name="Truncated">Whether there are more ranges than were asked for.</param>
public readonly record struct ReadStateResult(long Cursor, long? Unread, long? FirstUnread, IReadOnlyList<MessageRange> Ranges, bool Truncated);

/// <summary>The unread messages of one channel.</summary>
/// <param name="Unread">How many.</param>
/// <param name="FirstUnread">The first; null if none.</param>
public readonly record struct UnreadResult(long Unread, long? FirstUnread);
