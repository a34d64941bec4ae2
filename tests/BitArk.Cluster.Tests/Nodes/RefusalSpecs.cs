using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class RefusalSpecs
{
    [Fact]
    public async Task Should_refuse_with_overloaded_when_more_is_pending_than_allowed_and_take_writes_again_after()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync("bitark.admission.max-pending-bytes = 64 KiB", disk);
        var gate = disk.HoldSegmentSyncs();
        var big = Enumerable.Range(0, 1000).Select(i => Words.Mark(i * 2, i * 2)).ToArray();
        var admitted = new List<Task<WriteOutcome>>();
        WriteOutcome.Overloaded? refusal = null;
        while (refusal is null)
        {
            var write = test.Partition.WriteAsync(big);
            if (write.IsCompleted)
                refusal = Assert.IsType<WriteOutcome.Overloaded>(await write);
            else
                admitted.Add(write);
        }

        Assert.True(refusal.RetryAfter > TimeSpan.Zero);
        Assert.InRange(admitted.Count, 2, 20);
        gate.Open();
        Assert.All(await Task.WhenAll(admitted), outcome => Assert.IsType<WriteOutcome.Committed>(outcome));
        await test.Partition.CommitAsync(big);
    }

    [Fact]
    public async Task Should_refuse_marks_only_when_the_disk_is_low_and_heal_by_itself()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync("bitark.wal.disk-floor-bytes = 1 MiB", disk);
        await test.Partition.CommitAsync(Words.Mark(1, 10));

        disk.Free = 1000;
        Assert.Equal(new WriteOutcome.DiskLow(1000, 1 << 20), await test.Partition.UntilAsync<WriteOutcome.DiskLow>(Words.Mark(11, 11)));
        await test.Partition.CommitAsync(Words.Unmark(10, 10));
        Assert.True(await test.Partition.IsReadAsync(9));

        disk.Free = long.MaxValue;
        await test.Partition.UntilAsync<WriteOutcome.Committed>(Words.Mark(12, 12));
    }

    [Fact]
    public async Task Should_refuse_and_heal_when_the_disk_is_full_to_the_last_byte()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        disk.Fail("open", ".wal.tmp", DiskException.NoSpace);
        var marks = Enumerable.Range(0, 400).Select(i => Words.Mark(i * 2, i * 2)).ToArray();
        await test.Partition.UntilAsync<WriteOutcome.DiskLow>(marks);

        // What is there of the log is used up by unmarks, then these are refused, too; none may wait for ever.
        var unmarks = Enumerable.Range(0, 400).Select(i => Words.Unmark(i * 2, i * 2)).ToArray();
        await test.Partition.UntilAsync<WriteOutcome.DiskLow>(unmarks);

        Assert.False(test.Node.Failure.IsCompleted);
        Assert.False(await test.Partition.IsReadAsync(1));
        disk.Before = null;
        await test.Partition.UntilAsync<WriteOutcome.Committed>(marks);

        await test.RestartAsync();
        Assert.True(await test.Partition.IsReadAsync(798));
    }

    [Fact]
    public async Task Should_serve_reads_when_started_on_a_full_disk_and_take_writes_once_there_is_room()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        disk.Fail("open", ".wal.tmp", DiskException.NoSpace);
        await test.Partition.CommitAsync(Words.Mark(1, 5));
        var unmarks = Enumerable.Range(0, 400).Select(i => Words.Unmark(10 + (i * 2), 10 + (i * 2))).ToArray();
        await test.Partition.UntilAsync<WriteOutcome.DiskLow>(unmarks);
        await test.Partition.UntilAsync<WriteOutcome.DiskLow>(Words.Unmark(6, 6));

        await test.RestartAsync();
        Assert.True(await test.Partition.IsReadAsync(5));

        disk.Before = null;
        await test.Partition.UntilAsync<WriteOutcome.Committed>(Words.Mark(8, 8));
    }

    [Fact]
    public async Task Should_refuse_marks_only_when_memory_is_at_its_limit()
    {
        await using var test = await TestNode.StartAsync("bitark.memory.max-bytes = 1");

        // What a batch took is told after its callers were answered.
        var refused = await test.Partition.UntilAsync<WriteOutcome.MemoryLimit>(Words.Mark(1, 1));
        Assert.Equal(1, refused.LimitBytes);
        await test.Partition.CommitAsync(Words.Unmark(1, 1));
        Assert.IsType<WriteOutcome.MemoryLimit>(await test.Partition.WriteAsync(Words.Unmark(1, 1), Words.Mark(2, 2)));
    }

    [Fact]
    public async Task Should_refuse_when_the_operations_do_not_fit_one_record()
    {
        await using var test = await TestNode.StartAsync();
        var outcome = await test.Partition.WriteAsync([.. Enumerable.Range(0, 20_000).Select(i => Words.Mark(i, i))]);
        var tooLarge = Assert.IsType<WriteOutcome.TooLarge>(outcome);
        Assert.True(tooLarge.Bytes > tooLarge.MaxBytes);
    }

    [Theory]
    [InlineData(5, 4, 1)]
    [InlineData(-1, 4, 1)]
    [InlineData(1, long.MaxValue, 1)]
    [InlineData(1, 1, -1)]
    public async Task Should_let_nothing_invalid_into_the_log_when_a_front_end_forgot_to_check(long from, long to, long user)
    {
        await using var test = await TestNode.StartAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => test.Partition.WriteAsync(Words.Mark(from, to, user)));
        await Assert.ThrowsAsync<ArgumentException>(() => test.Partition.WriteAsync());
        await test.Partition.CommitAsync(Words.Mark(1, 1));
    }
}
