using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Roaring;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class ReadSpecs
{
    private static readonly NamespaceId Shop = new(7);

    [Fact]
    public async Task Should_find_nothing_read_when_nothing_was_written()
    {
        await using var test = await TestNode.StartAsync();
        var reads = test.Partition.Reads;

        Assert.Equal(new UnreadResult(10, 1), await reads.UnreadAsync(NamespaceId.Default, Words.User, Words.Channel, 10));
        Assert.Equal(new UnreadResult(0, null), await reads.UnreadAsync(Shop, Words.User, Words.Channel, 0));
        var state = await reads.ReadStateAsync(Shop, Words.User, Words.Channel, 10, 5);
        Assert.Equal((0, 10, 1, 0, false), (state.Cursor, state.Unread, state.FirstUnread, state.Ranges.Count, state.Truncated));
        Assert.Null((await reads.ReadStateAsync(Shop, Words.User, Words.Channel, null, 5)).Unread);
        Assert.Equal(8, (await reads.ExportAsync(Shop, Words.User, Words.Channel)).Length);
    }

    [Fact]
    public async Task Should_summarise_one_state_when_a_set_has_holes()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 9), Words.Mark(12, 12), Words.Mark(15, 20), Words.Mark(0, 0));
        var reads = test.Partition.Reads;

        var state = await reads.ReadStateAsync(NamespaceId.Default, Words.User, Words.Channel, 14, 2);
        Assert.Equal((9, 4, 10, true), (state.Cursor, state.Unread, state.FirstUnread, state.Truncated));
        Assert.Equal([new MessageRange(0, 9), new MessageRange(12, 12)], state.Ranges);
        Assert.Equal(new UnreadResult(4, 10), await reads.UnreadAsync(NamespaceId.Default, Words.User, Words.Channel, 14));
        var read = new bool[3];
        await reads.ContainsManyAsync(NamespaceId.Default, Words.User, Words.Channel, new long[] { 9, 10, 12 }, read);
        Assert.Equal([true, false, true], read);
    }

    // A lambda for the slow way once cost every read 40 bytes: it allocates where its method begins, taken or not.
    [Fact]
    public async Task Should_allocate_nothing_when_the_writer_does_not_interfere()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 9), Words.Mark(12, 12));

        // A collection that another test causes ends this thread's allocation buffer, and its rest counts as allocated: only what
        // is allocated every time is the reads'.
        Assert.Equal(0, Enumerable.Range(0, 10).Min(_ => AllocatedByReads(test.Partition.Reads)));
    }

    private static void Done<T>(ValueTask<T> read) => Assert.True(read.IsCompletedSuccessfully);

    private static void Done(ValueTask read) => Assert.True(read.IsCompletedSuccessfully);

    private static long AllocatedByReads(IPartitionReads reads)
    {
        var messages = new long[] { 9, 10, 12 };
        var read = new bool[messages.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++)
        {
            Done(reads.ContainsAsync(NamespaceId.Default, Words.User, Words.Channel, 12));
            Done(reads.UnreadAsync(NamespaceId.Default, Words.User, Words.Channel, 14));
            Done(reads.ContainsManyAsync(NamespaceId.Default, Words.User, Words.Channel, messages, read));
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public async Task Should_keep_namespaces_apart_when_the_same_user_reads_in_two()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 5) with { Namespace = Shop });
        Assert.True(await test.Partition.Reads.ContainsAsync(Shop, Words.User, Words.Channel, 3));
        Assert.False(await test.Partition.IsReadAsync(3));
    }

    [Fact]
    public async Task Should_export_what_is_read_when_there_are_more_ranges_than_the_first_guess()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync([.. Enumerable.Range(0, 1500).Select(i => Words.Mark(i * 3, i * 3))]);

        var bytes = await test.Partition.Reads.ExportAsync(NamespaceId.Default, Words.User, Words.Channel);

        var writer = new Roaring64Writer(1 << 20);
        for (var i = 0; i < 1500; i++)
            writer.Add(new MessageRange(i * 3, i * 3));

        Assert.Equal(writer.Complete(), bytes.ToArray());
    }

    [Fact]
    public async Task Should_wait_until_a_position_is_applied_when_it_is_not_yet()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        var reads = test.Partition.Reads;
        var now = test.Partition.Positions.LastAppliedLsn;
        Assert.True(await reads.WaitForAsync(At(now), TimeSpan.Zero, CancellationToken.None));
        Assert.False(await reads.WaitForAsync(At(now.Plus(1)), TimeSpan.FromMilliseconds(20), CancellationToken.None));

        var gate = disk.HoldSegmentSyncs();
        var write = test.Partition.CommitAsync(Words.Mark(1, 1));
        await gate.Reached;
        var waiting = reads.WaitForAsync(At(now.Plus(1)), TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        gate.Open();

        Assert.True(await waiting);
        Assert.True((await write).Lsn > now);
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reads.WaitForAsync(At(now.Plus(1 << 20)), TimeSpan.FromSeconds(20), cancelled.Token));
    }

    private static ReadPosition At(Lsn lsn) => new(new Epoch(1), lsn);
}
