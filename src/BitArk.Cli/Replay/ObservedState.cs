using BitArk.Protocol.V1;

namespace BitArk.Cli.Replay;

/// <summary>What a node says about one read set.</summary>
internal sealed record ObservedState(long Cursor, long? Unread, long? FirstUnread, IReadOnlyList<MessageRange> Ranges, bool Truncated)
{
    /// <summary>From the answer of ReadState.</summary>
    public static ObservedState Of(ReadStateReply reply) => new(
        reply.Cursor,
        reply.HasUnread ? reply.Unread : null,
        reply.HasFirstUnread ? reply.FirstUnread : null,
        [.. reply.Ranges.Select(range => new MessageRange(range.From, range.To))],
        reply.Truncated);
}
