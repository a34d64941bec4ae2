namespace BitArk.Cluster;

/// <summary>
/// Reads of one replica's memory. Each call completes synchronously and without allocating unless a long scan was
/// overtaken by the writer too often; then it asks the BitmapActor. The position in each answer is the ApplyingTo seen
/// <i>after</i> the look-up: everything the answer can contain lies at or below it, so it is the answer's token.
/// </summary>
public interface IPartitionReads
{
    /// <summary>The epoch and position that a read finished now is covered by.</summary>
    ReadPosition Position { get; }

    /// <summary>Completes when this replica has applied <paramref name="lsn"/>; at once if it has already.</summary>
    ValueTask<bool> WaitForAsync(Lsn lsn, TimeSpan atMost, CancellationToken cancellation);

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
}

/// <summary>What a read is covered by.</summary>
public readonly record struct ReadPosition(Epoch Epoch, Lsn Lsn);

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
