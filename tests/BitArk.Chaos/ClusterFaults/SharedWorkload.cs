using BitArk.Chaos.Histories;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>
/// What a client of many asks for: marks and unmarks of a few ids that all of them fight over, a counter of its own that only grows, and looks at
/// anybody's. A write touches a read set at most once, and one partition only.
/// </summary>
internal sealed class SharedWorkload(int client, int seed, long[] counters)
{
    private const int SharedUsers = 12;
    private const int FirstOwn = 1_000;
    private const int HotIds = 32;
    private readonly Random _random = new(unchecked((seed * 7919) + client));

    /// <summary>A client's own user.</summary>
    public static UserId Own(int client) => new(FirstOwn + client);

    /// <summary>All read sets that so many clients may touch.</summary>
    public static IEnumerable<ReadSetKey> Keys(int clients) =>
    [
        .. Enumerable.Range(1, SharedUsers).SelectMany(user => Enumerable.Range(0, 3).Select(channel => new ReadSetKey(NamespaceId.Default, new UserId(user), new ChannelId(channel)))),
        .. Enumerable.Range(0, clients).SelectMany(number => Enumerable.Range(0, 3).Select(channel => new ReadSetKey(NamespaceId.Default, Own(number), new ChannelId(channel)))),
    ];

    /// <summary>The operations of a write of its own: the counter's next id, which makes it one of its kind, and perhaps more.</summary>
    public List<MarkOperation> OwnWrite()
    {
        List<MarkOperation> write = [Operation(OperationKind.Mark, Own(client), 0, ++counters[client], 1)];
        if (_random.Next(3) == 0)
            write.Add(Hot(Own(client), 1));
        return write;
    }

    /// <summary>The operations of a write that others may undo at any moment.</summary>
    public List<MarkOperation> SharedWrite()
    {
        var user = new UserId(1 + _random.Next(SharedUsers));
        List<MarkOperation> write = [Hot(user, _random.Next(2))];
        if (_random.Next(3) == 0)
            write.Add(Hot(user, 2));
        return write;
    }

    /// <summary>Whether the next thing is a write.</summary>
    public bool NextIsWrite() => _random.Next(100) < 60;

    /// <summary>A number below a bound.</summary>
    public int Dice(int sides) => _random.Next(sides);

    /// <summary>What to look at: a few ids of one read set.</summary>
    public (ReadSetKey Key, long[] Messages) Look()
    {
        if (_random.Next(3) == 0)
        {
            int other = _random.Next(counters.Length);
            long newest = Volatile.Read(ref counters[other]);
            return (new ReadSetKey(NamespaceId.Default, Own(other), new ChannelId(0)), [.. Enumerable.Range(0, 5).Select(back => newest + 1 - back).Where(id => id > 0)]);
        }

        var user = _random.Next(4) == 0 ? Own(_random.Next(counters.Length)) : new UserId(1 + _random.Next(SharedUsers));
        return (new ReadSetKey(NamespaceId.Default, user, new ChannelId(_random.Next(3))), [.. Enumerable.Range(0, 8).Select(_ => _random.NextInt64(1, HotIds + 1)).Distinct()]);
    }

    private MarkOperation Hot(UserId user, int channel) =>
        Operation(_random.Next(2) == 0 ? OperationKind.Mark : OperationKind.Unmark, user, channel, _random.NextInt64(1, HotIds + 1), _random.Next(1, 6));

    private static MarkOperation Operation(OperationKind kind, UserId user, long channel, long from, int count) =>
        new(kind, NamespaceId.Default, user, new ChannelId(channel), new MessageRange(from, from + count - 1));
}
