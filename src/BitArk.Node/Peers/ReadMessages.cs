using BitArk.Cluster;
using BitArk.Protocol.Internal.V1;

namespace BitArk.Node.Peers;

/// <summary>Between what a look-up answers and its message.</summary>
internal static class ReadMessages
{
    public static UnreadAnswer ToMessage(UnreadResult result)
    {
        var message = new UnreadAnswer { Unread = result.Unread };
        if (result.FirstUnread is { } first)
            message.FirstUnread = first;
        return message;
    }

    public static UnreadResult FromMessage(UnreadAnswer message) => new(message.Unread, message.HasFirstUnread ? message.FirstUnread : null);

    public static StateAnswer ToMessage(ReadStateResult result)
    {
        var message = new StateAnswer { Cursor = result.Cursor, Truncated = result.Truncated };
        if (result.Unread is { } unread)
            message.Unread = unread;
        if (result.FirstUnread is { } first)
            message.FirstUnread = first;
        message.Ranges.Capacity = result.Ranges.Count * 2;
        foreach (var range in result.Ranges)
        {
            message.Ranges.Add(range.From);
            message.Ranges.Add(range.To);
        }

        return message;
    }

    public static ReadStateResult FromMessage(StateAnswer message)
    {
        var ranges = new MessageRange[message.Ranges.Count / 2];
        for (var i = 0; i < ranges.Length; i++)
            ranges[i] = new MessageRange(message.Ranges[2 * i], message.Ranges[(2 * i) + 1]);

        return new ReadStateResult(message.Cursor, message.HasUnread ? message.Unread : null, message.HasFirstUnread ? message.FirstUnread : null, ranges, message.Truncated);
    }
}
