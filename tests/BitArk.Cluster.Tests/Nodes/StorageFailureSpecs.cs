using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class StorageFailureSpecs
{
    [Theory]
    [InlineData("fdatasync")]
    [InlineData("pwrite")]
    public async Task Should_leave_the_outcome_unknown_and_end_the_node_when_the_log_fails(string operation)
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        await test.Partition.CommitAsync(Words.Mark(1, 1));

        disk.Fail(operation, ScriptedDisk.Log);
        var outcome = await test.Partition.WriteAsync(Words.Mark(2, 2));

        Assert.Contains(operation, Assert.IsType<WriteOutcome.OutcomeUnknown>(outcome).Reason, StringComparison.Ordinal);
        var failure = await test.Node.Failure.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains(operation, failure.ToString(), StringComparison.Ordinal);
        Assert.IsType<PartitionPhase.Failed>(test.Partition.Phase);
    }

    [Fact]
    public async Task Should_acknowledge_nothing_more_when_an_fdatasync_failed_even_if_the_disk_recovers()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        disk.Fail("fdatasync", ScriptedDisk.Log);
        await test.Partition.WriteAsync(Words.Mark(2, 2));
        disk.Before = null;

        for (var message = 3; message < 20; message++)
            Assert.IsType<WriteOutcome.StorageFailed>(await test.Partition.WriteAsync(Words.Mark(message, message)));

        Assert.False(await test.Partition.IsReadAsync(3));
    }

    [Fact]
    public async Task Should_answer_everyone_who_waits_when_the_log_fails()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        var gate = disk.HoldSegmentSyncs();
        var first = test.Partition.WriteAsync(Words.Mark(1, 1));
        await gate.Reached;
        var others = Enumerable.Range(2, 100).Select(message => test.Partition.WriteAsync(Words.Mark(message, message))).ToArray();

        disk.Fail("fdatasync", ScriptedDisk.Log);
        gate.Open();

        await first;
        Assert.All(await Task.WhenAll(others), outcome => Assert.True(outcome is WriteOutcome.OutcomeUnknown or WriteOutcome.StorageFailed, outcome.ToString()));
    }

    [Fact]
    public async Task Should_find_every_acknowledged_write_when_started_again_after_a_failure()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        await test.Partition.CommitAsync(Words.Mark(1, 10));
        disk.Fail("fdatasync", ScriptedDisk.Log);
        await test.Partition.WriteAsync(Words.Mark(20, 20));
        disk.Before = null;

        await test.RestartAsync();

        Assert.True(await test.Partition.IsReadAsync(10));
        await test.Partition.CommitAsync(Words.Mark(30, 30));
    }

    [Theory]
    [InlineData("fdatasync", "durable.mark")]
    [InlineData("fsync", ScriptedDisk.Log)]
    public async Task Should_end_the_node_when_work_beside_the_log_fails(string operation, string file)
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        disk.Fail(operation, file);

        // The mark follows the next write; a spare is made when the log rolls over.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!test.Node.Failure.IsCompleted && !deadline.IsCancellationRequested)
            await test.Partition.WriteAsync([.. Enumerable.Range(0, 400).Select(i => Words.Mark(i * 2, i * 2))]);

        Assert.Contains(operation, (await test.Node.Failure.WaitAsync(TimeSpan.FromSeconds(1))).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_name_segment_offset_and_reason_when_the_log_is_damaged()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 10));
        await test.Partition.CommitAsync(Words.Mark(20, 30));
        await test.Node.DisposeAsync();
        var segment = Directory.GetFiles(Path.Combine(test.DataDirectory, "partitions", "0", "wal"), "*.wal").Order(StringComparer.Ordinal).First();
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[64 + 40] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);

        var error = await Assert.ThrowsAsync<NodeStartException>(() => test.StartAgainAsync());

        Assert.Contains(Path.GetFileName(segment), error.Message, StringComparison.Ordinal);
        Assert.Contains("offset 0x68", error.Message, StringComparison.Ordinal);
    }
}
