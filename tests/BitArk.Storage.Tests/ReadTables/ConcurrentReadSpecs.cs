using BitArk.Storage.ReadTables;

namespace BitArk.Storage.Tests.ReadTables;

/// <summary>Readers beside the writer. Every test ends after a fixed number of the writer's operations.</summary>
public sealed class ConcurrentReadSpecs
{
    private const int Readers = 2;

    [Fact]
    public void Should_see_a_range_whole_or_not_at_all_when_the_writer_marks_and_unmarks_it()
    {
        using var table = new ReadTable();
        var user = new UserId(7);
        var channel = new ChannelId(1);
        foreach (var id in new long[] { 3, 90, 91, 5000, 200_000, Ids.Max })
        {
            _ = table.Mark(user, channel, id, id);
        }

        Run(
            writer: i => i % 2 == 0 ? table.Mark(user, channel, 100, 1100) : table.Unmark(user, channel, 100, 1100),
            operations: 60_000,
            reader: () => SeesAllOrNothing(table, user, channel));
    }

    [Fact]
    public void Should_never_see_an_id_of_another_set_when_blocks_change_hands()
    {
        using var table = new ReadTable();
        var random = new Random(11);
        Run(
            writer: _ =>
            {
                var user = random.Next(16);
                var id = (random.NextInt64(4000) * 16) + user;
                return random.Next(40) switch
                {
                    0 => table.Unmark(new UserId(user), new ChannelId(0), 0, Ids.Max),
                    < 12 => table.Unmark(new UserId(user), new ChannelId(0), id, id),
                    _ => table.Mark(new UserId(user), new ChannelId(0), id, id),
                };
            },
            operations: 60_000,
            reader: () => SeesOnlyItsOwn(table));
    }

    [Fact]
    public void Should_find_every_lasting_set_when_shards_grow_split_and_lose_entries()
    {
        using var table = new ReadTable();
        const int Lasting = 300;
        for (var i = 0; i < Lasting; i++)
        {
            _ = table.Mark(new UserId(i), new ChannelId(0), 1, i + 1);
        }

        var random = new Random(5);
        Run(
            writer: i => i % 3 == 2
                ? table.Unmark(new UserId(1000 + random.Next(i)), new ChannelId(0), 0, Ids.Max)
                : table.Mark(new UserId(1000 + i), new ChannelId(0), 1, 9),
            operations: 150_000,
            reader: () =>
            {
                var wrong = 0;
                for (var i = 0; i < Lasting; i++)
                {
                    wrong += table.TryFirstUnread(new UserId(i), new ChannelId(0), 1, out var first) && first != i + 2 ? 1 : 0;
                    wrong += table.TryContains(new UserId(i), new ChannelId(0), i + 1, out var read) && !read ? 1 : 0;
                    wrong += table.TryContains(new UserId(-1), new ChannelId(0), 1, out read) && read ? 1 : 0;
                }

                return wrong == 0 ? null : $"{wrong} lasting sets were not as they are.";
            });
    }

    [Fact]
    public void Should_not_go_back_when_a_cursor_only_advances()
    {
        using var table = new ReadTable();
        var seen = new ThreadLocal<long>();
        Run(
            writer: i => table.Mark(new UserId(1), new ChannelId(1), 1, i + 1),
            operations: 200_000,
            reader: () =>
            {
                if (!table.TryFirstUnread(new UserId(1), new ChannelId(1), 1, out var first))
                {
                    return null;
                }

                var before = seen.Value;
                seen.Value = first;
                return first >= before ? null : $"First unread {first} after {before}.";
            });
    }

    [Fact]
    public void Should_see_its_table_or_none_when_namespaces_are_made()
    {
        using var tables = new ReadTableSet();
        Run(
            writer: i => tables.GetOrAdd(new NamespaceId((ushort)(i * 5))).Mark(new UserId(1), new ChannelId(1), 1, 1),
            operations: 200,
            reader: () =>
            {
                var known = 0;
                for (var i = 0; i < 1000; i++)
                {
                    known += tables.Find(new NamespaceId((ushort)i)) is { } table && table.TryContains(new UserId(1), new ChannelId(1), 1, out var read) && read ? 1 : 0;
                }

                return known <= 200 ? null : "More tables than were made.";
            });
        Assert.Equal(200, tables.ReadSetCount);
        Assert.True(tables.MemoryBytes > 0);
    }

    private static string? SeesAllOrNothing(ReadTable table, UserId user, ChannelId channel)
    {
        ReadOnlySpan<long> ids = [100, 101, 500, 777, 1099, 1100];
        Span<bool> read = stackalloc bool[ids.Length];
        if (table.TryContainsMany(user, channel, ids, read) && read.Count(true) is not (0 or 6))
        {
            return $"{read.Count(true)} of 6 ids.";
        }

        if (table.TryCardinality(user, channel, 50, 2000, out var count) && count is not (2 or 1003))
        {
            return $"{count} ids.";
        }

        Span<MessageRange> ranges = stackalloc MessageRange[10];
        return table.TryReadState(user, channel, 2000, ranges, out var state) && state is not ({ RangeCount: 5, Unread: 1997 } or { RangeCount: 6, Unread: 996 })
            ? state.ToString()
            : null;
    }

    private static string? SeesOnlyItsOwn(ReadTable table)
    {
        Span<MessageRange> ranges = stackalloc MessageRange[4000];
        for (var user = 0; user < 16; user++)
        {
            if (!table.TryRanges(new UserId(user), new ChannelId(0), 0, ranges, out var count))
            {
                continue;
            }

            long last = -1;
            foreach (var range in ranges[..count])
            {
                if (range.From != range.To || range.From % 16 != user || range.From <= last)
                {
                    return $"User {user} has {range} after {last}.";
                }

                last = range.From;
            }
        }

        return null;
    }

    private static void Run(Func<int, long> writer, int operations, Func<string?> reader)
    {
        var done = false;
        var rounds = 0;
        var failures = new List<string>();
        using var started = new CountdownEvent(Readers);
        var readers = Enumerable.Range(0, Readers).Select(n => new Thread(() =>
        {
            _ = started.Signal();
            do
            {
                if (reader() is { } failure)
                {
                    lock (failures)
                    {
                        failures.Add(failure);
                    }

                    return;
                }

                _ = Interlocked.Increment(ref rounds);
            }
            while (!Volatile.Read(ref done));
        })).ToList();
        readers.ForEach(thread => thread.Start());
        started.Wait();
        for (var i = 0; i < operations; i++)
        {
            _ = writer(i);
        }

        Volatile.Write(ref done, true);
        readers.ForEach(thread => thread.Join());
        Assert.Empty(failures);
        Assert.True(rounds >= Readers);
    }
}
