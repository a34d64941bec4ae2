using BitArk.Storage.ReadTables;

namespace BitArk.Storage.Tests.ReadTables;

public sealed class ReadAllocationSpecs
{
    private static readonly long[] Messages = [1, 2, 4999, 5000];

    [Fact]
    public void Should_allocate_nothing_when_it_is_read()
    {
        using var table = new ReadTable();
        for (var user = 0; user < 1000; user++)
        {
            _ = table.Mark(new UserId(user), new ChannelId(1), 1, user + 1);
            _ = user % 3 == 0 ? table.Mark(new UserId(user), new ChannelId(1), 5000, 5000 + user) : 0;
        }

        ReadAll(table);

        Assert.Equal(0, Allocations.EachTime(10, () => ReadAll(table)));
    }

    private static void ReadAll(ReadTable table)
    {
        Span<bool> read = stackalloc bool[4];
        Span<MessageRange> ranges = stackalloc MessageRange[4];
        for (var i = 0; i < 1100; i++)
        {
            var (user, channel) = (new UserId(i), new ChannelId(1));
            _ = table.TryContains(user, channel, 5000, out _);
            _ = table.TryContainsMany(user, channel, Messages, read);
            _ = table.TryCardinality(user, channel, 1, 9000, out _);
            _ = table.TryFirstUnread(user, channel, 1, out _);
            _ = table.TryRanges(user, channel, 0, ranges, out _);
            _ = table.TryReadState(user, channel, 9000, ranges, out _);
        }
    }
}
