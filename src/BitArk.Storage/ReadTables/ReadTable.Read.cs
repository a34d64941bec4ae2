using System.Runtime.CompilerServices;
using BitArk.Storage.Memory;
using BitArk.Storage.ReadSets;

namespace BitArk.Storage.ReadTables;

// Queries. Any thread; each answers from one state of the read set. They return false when the writer overtook them too
// often (a long scan of a hot shard): then the caller asks the writer's thread, where the same call always succeeds.
public sealed unsafe partial class ReadTable
{
    private const int MaxAttempts = 100;

    /// <summary>Whether one message was read.</summary>
    [SkipLocalsInit]
    public bool TryContains(UserId user, ChannelId channel, long message, out bool read)
    {
        var hash = _hash.Of(user.Value, channel.Value);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var shard = ShardOf(hash);
            if (shard.TryBeginRead(out var version))
            {
                var state = shard.Find(hash, user.Value, channel.Value);

                // Most sets are a cursor: compared here, without a call.
                var answer = (long)state >= 0 ? message >= 1 && message <= (long)state : ReadSet.Contains(_slab, state, message);
                if (shard.IsUnchanged(version))
                {
                    read = answer;
                    return true;
                }
            }

            Backoff(attempt);
        }

        read = false;
        return false;
    }

    /// <summary>Whether each message was read; <paramref name="read"/> is at least as long as <paramref name="messages"/>.</summary>
    public bool TryContainsMany(UserId user, ChannelId channel, ReadOnlySpan<long> messages, Span<bool> read) =>
        TryRead(user, channel, new ContainsMany(messages, read[..messages.Length]));

    /// <summary>How many of <paramref name="from"/> … <paramref name="to"/> were read.</summary>
    public bool TryCardinality(UserId user, ChannelId channel, long from, long to, out long count)
    {
        count = 0;
        return from > to || TryRead(user, channel, new Cardinality(from, to, ref count));
    }

    /// <summary>The smallest id at or after <paramref name="from"/> that was not read; 2^63-1 when all up to the last were.</summary>
    public bool TryFirstUnread(UserId user, ChannelId channel, long from, out long first)
    {
        first = 0;
        return TryRead(user, channel, new FirstUnread(from, ref first));
    }

    /// <summary>The ranges read at or after <paramref name="from"/>, ascending and merged, as many as fit.</summary>
    public bool TryRanges(UserId user, ChannelId channel, long from, Span<MessageRange> into, out int count)
    {
        count = 0;
        return TryRead(user, channel, new Ranges(from, into, ref count));
    }

    /// <summary>
    /// Cursor, unread count and first unread against <paramref name="head"/> (-1: no head), and as many ranges as fit into
    /// <paramref name="into"/>.
    /// </summary>
    public bool TryReadState(UserId user, ChannelId channel, long head, Span<MessageRange> into, out RawReadState state)
    {
        state = default;
        return TryRead(user, channel, new Summary(head, into, ref state));
    }

    /// <summary>Runs a query against the state under a key until the shard held still meanwhile; it may run more than once, and on garbage.</summary>
    internal bool TryRead<TQuery>(UserId user, ChannelId channel, TQuery query)
        where TQuery : struct, IReadSetQuery, allows ref struct
    {
        var hash = _hash.Of(user.Value, channel.Value);
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var shard = ShardOf(hash);
            if (shard.TryBeginRead(out var version))
            {
                query.Run(_slab, shard.Find(hash, user.Value, channel.Value));
                if (shard.IsUnchanged(version))
                {
                    return true;
                }
            }

            Backoff(attempt);
        }

        return false;
    }

    // A write takes well under a microsecond: look again at once, then ever more rarely, some tens of microseconds in all.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Backoff(int attempt) => Thread.SpinWait(Math.Min(1 + attempt, 20));
}
