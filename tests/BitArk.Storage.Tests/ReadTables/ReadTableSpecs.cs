using BitArk.Storage.ReadTables;
using BitArk.Storage.Roaring;
using CsCheck;

namespace BitArk.Storage.Tests.ReadTables;

public sealed class ReadTableSpecs
{
    [Fact]
    public void Should_equal_the_model_when_any_operations_are_applied() =>
        TableOperation.Any.Array[1, 120].Sample(operations =>
        {
            using var table = new ReadTable();
            var model = new TableModel();
            foreach (var operation in operations)
            {
                Assert.Equal(operation.ApplyTo(model), operation.ApplyTo(table));
                AssertQueries(table, model, operation);
            }

            model.AssertEqual(table);
        }, iter: 300);

    [Fact]
    public void Should_equal_the_model_when_keys_come_and_go_in_a_growing_table() =>
        TableOperation.ManyKeys.Array[2000, 6000].Sample(operations =>
        {
            using var table = new ReadTable();
            var model = new TableModel();
            foreach (var operation in operations)
            {
                Assert.Equal(operation.ApplyTo(model), operation.ApplyTo(table));
            }

            model.AssertEqual(table);
        }, iter: 20);

    [Fact]
    public void Should_find_every_set_when_shards_have_grown_and_split()
    {
        using var table = new ReadTable();
        const int Sets = 150_000;
        for (var i = 0; i < Sets; i++)
        {
            Assert.Equal(i + 1, table.Mark(new UserId(i * 977L), new ChannelId(i % 7), 1, i + 1));
        }

        Assert.Equal(Sets, table.Count);
        for (var i = 0; i < Sets; i++)
        {
            Assert.True(table.TryFirstUnread(new UserId(i * 977L), new ChannelId(i % 7), 1, out var first));
            Assert.Equal(i + 2, first);
        }

        Assert.InRange(table.MemoryBytes, Sets * 24, Sets * 24 / 0.6);
    }

    [Fact]
    public void Should_be_empty_and_small_when_every_set_is_unmarked()
    {
        using var table = new ReadTable();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 20_000; i++)
            {
                _ = table.Mark(new UserId(i), new ChannelId(1), 1, 5);
            }

            for (var i = 0; i < 20_000; i++)
            {
                Assert.Equal(5, table.Unmark(new UserId(i), new ChannelId(1), 0, Ids.Max));
            }

            Assert.Equal(0, table.Count);
            Assert.Equal(0UL, table.Digest());
        }
    }

    [Fact]
    public void Should_grow_and_still_answer_when_all_keys_collide()
    {
        // This user cancels the first half of the hash's key, so the channel no longer matters.
        const ulong UserKey = 0x1234_5678_9ABC_DEF1;
        using var table = new ReadTable(new KeyHash(UserKey, 42)) { SplitCount = 300 };
        const int Sets = 2000;
        for (var channel = 0; channel < Sets; channel++)
        {
            Assert.Equal(1, table.Mark(new UserId((long)UserKey), new ChannelId(channel), 1, 1));
        }

        Assert.Equal(Sets, table.Count);
        Assert.True(table.TryContains(new UserId((long)UserKey), new ChannelId(Sets - 1), 1, out var last) && last);
        Assert.True(table.TryContains(new UserId((long)UserKey), new ChannelId(Sets), 1, out var none) && !none);
    }

    [Fact]
    public void Should_export_the_same_ranges_when_a_set_has_holes_and_none_when_there_is_no_set()
    {
        using var table = new ReadTable();
        var (user, channel) = (new UserId(1), new ChannelId(2));
        _ = table.Mark(user, channel, 1, 70_000) + table.Mark(user, channel, 1L << 40, 1L << 40);
        var ranges = new List<MessageRange>();
        RoaringReader.Read64(table.Export(user, channel, 1 << 20), ranges.Add);
        Assert.Equal([new MessageRange(1, 70_000), new MessageRange(1L << 40, 1L << 40)], ranges);

        RoaringReader.Read64(table.Export(new UserId(2), channel, 1 << 20), _ => Assert.Fail("An empty set has no range."));
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(5, 4)]
    [InlineData(5, long.MaxValue)]
    public void Should_refuse_when_a_range_is_none(long from, long to)
    {
        using var table = new ReadTable();
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Mark(new UserId(1), new ChannelId(1), from, to));
        Assert.Throws<ArgumentOutOfRangeException>(() => table.Unmark(new UserId(1), new ChannelId(1), from, to));
    }

    [Fact]
    public void Should_have_the_same_digest_when_the_same_content_came_about_in_another_order() =>
        TableOperation.ManyKeys.Array[1, 400].Sample(operations =>
        {
            using var table = new ReadTable();
            var model = new TableModel();
            foreach (var operation in operations)
            {
                _ = operation.ApplyTo(table) + operation.ApplyTo(model);
            }

            using var other = new ReadTable();
            foreach (var (key, ranges) in model.Sets.Reverse())
            {
                ranges.ForEach(r => other.Mark(new UserId(key.User), new ChannelId(key.Channel), r.From, r.To));
            }

            Assert.Equal(table.Digest(), other.Digest());
            _ = other.Mark(new UserId(9999), new ChannelId(0), 7, 7);
            Assert.NotEqual(table.Digest(), other.Digest());
        }, iter: 50);

    private static void AssertQueries(ReadTable table, TableModel model, TableOperation operation)
    {
        var (user, channel) = (new UserId(operation.User), new ChannelId(operation.Channel));
        var (u, c) = (operation.User, operation.Channel);
        long[] probes = [0, 1, operation.From, operation.To, Math.Max(0, operation.From - 1), Math.Min(Ids.Max, operation.To + 1), Ids.Max];
        var many = new bool[probes.Length];
        Assert.True(table.TryContainsMany(user, channel, probes, many));
        for (var i = 0; i < probes.Length; i++)
        {
            Assert.True(table.TryContains(user, channel, probes[i], out var read));
            Assert.Equal(model.Contains(u, c, probes[i]), read);
            Assert.Equal(read, many[i]);
            Assert.True(table.TryFirstUnread(user, channel, probes[i], out var first));
            Assert.Equal(model.FirstUnread(u, c, probes[i]), first);
        }

        Assert.True(table.TryCardinality(user, channel, operation.From, operation.To, out var count));
        Assert.Equal(model.Cardinality(u, c, operation.From, operation.To), count);

        Span<MessageRange> into = stackalloc MessageRange[3];
        Assert.True(table.TryRanges(user, channel, 0, into, out var ranges));
        Assert.Equal(model.Of(u, c).Take(3), into[..ranges].ToArray());

        var head = operation.To;
        Assert.True(table.TryReadState(user, channel, head, into, out var state));
        var cursor = model.FirstUnread(u, c, 1) - 1;
        Assert.Equal(cursor, state.Cursor);
        Assert.Equal(head - model.Cardinality(u, c, 1, head), state.Unread);
        Assert.Equal(cursor < head ? cursor + 1 : -1, state.FirstUnread);
        Assert.Equal(model.Of(u, c).Count > 3, state.Truncated);
        Assert.Equal(Math.Min(3, model.Of(u, c).Count), state.RangeCount);
    }
}
