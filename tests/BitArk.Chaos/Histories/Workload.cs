namespace BitArk.Chaos.Histories;

/// <summary>
/// The seeded stream of writes of one lane: cursors that advance, single ids, ranges, holes torn open again by unmarks,
/// ids at the far end of 63 bits; one operation or a few at once, over users of all partitions and two namespaces.
/// </summary>
internal sealed class Workload
{
    /// <summary>The namespaces that the writes use, beside the default one.</summary>
    public static readonly NamespaceId Shop = new(7);

    private const int ReadSets = 12;
    private const long Dense = 4_000;
    private readonly Random _random;
    private readonly long _firstUser;
    private readonly long[] _cursors = new long[ReadSets];

    /// <summary>Lanes never share a user.</summary>
    public Workload(int lane, int seed)
    {
        _firstUser = 1_000L * (lane + 1);
        _random = new Random(HashCode(seed, lane));
    }

    /// <summary>The operations of the next write.</summary>
    public IReadOnlyList<MarkOperation> Next()
    {
        int count = _random.Next(10) == 0 ? _random.Next(2, 6) : 1;
        var write = new MarkOperation[count];
        for (int i = 0; i < count; i++)
            write[i] = NextOperation();
        return write;
    }

    private MarkOperation NextOperation()
    {
        int set = _random.Next(ReadSets);
        // Four channels a user; the last user of a lane lives at the upper end of the ids.
        long user = set < 8 ? _firstUser + (set / 4) : Ids.Max - _firstUser;
        NamespaceId ns = set % 4 == 3 ? Shop : NamespaceId.Default;
        (OperationKind kind, MessageRange range) = NextRange(set);
        return new MarkOperation(kind, ns, new UserId(user), new ChannelId(set % 4), range);
    }

    private (OperationKind Kind, MessageRange Range) NextRange(int set)
    {
        int dice = _random.Next(100);
        if (dice < 35)
        {
            _cursors[set] = Math.Min(Dense, _cursors[set] + _random.Next(1, 40));
            return (OperationKind.Mark, new MessageRange(1, _cursors[set]));
        }

        OperationKind kind = _random.Next(100) < 60 ? OperationKind.Mark : OperationKind.Unmark;
        if (dice < 65)
            return (kind, Single(_random.NextInt64(0, Dense)));
        if (dice < 85)
            return (kind, Span(_random.NextInt64(0, Dense), 200));
        if (dice < 93)
            return (kind, Span(_random.NextInt64(0, 1 << 20), 100_000));
        return dice < 98 ? (kind, Span(Ids.Max - _random.NextInt64(0, 1 << 17), 1 << 10)) : (kind, Single(Ids.Max - _random.Next(3)));
    }

    private MessageRange Span(long from, int atMost) => new(from, from + Math.Min(Ids.Max - from, _random.NextInt64(0, atMost)));

    private static MessageRange Single(long id) => new(id, id);

    // System.HashCode is seeded per process; runs must be repeatable.
    private static int HashCode(int seed, int lane) => unchecked((seed * 7919) + (lane * 104_729));
}
