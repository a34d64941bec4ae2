using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;

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

    // A sync that failed is not repeated: the next one would say that all is well.
    [Theory]
    [InlineData("fsync", ".snap.tmp", DiskException.InputOutput)]
    [InlineData("pwrite", ".snap.tmp", DiskException.InputOutput)]
    [InlineData("fsync", "/snapshots", DiskException.InputOutput)]
    [InlineData("fsync", "/snapshots", DiskException.NoSpace)]
    public async Task Should_end_the_node_and_write_no_other_when_a_snapshot_could_not_be_made_durable(string operation, string path, int errno)
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        await test.Partition.CommitAsync(Words.Mark(1, 10));
        var tries = 0;
        disk.Before = (op, file) =>
        {
            if (op != operation || !file.EndsWith(path, StringComparison.Ordinal))
                return;

            Interlocked.Increment(ref tries);
            throw new DiskException(op, file, errno, "injected");
        };

        Assert.Contains(operation, Assert.IsType<SnapshotOutcome.Failed>(await SnapshotAsync(test)).Reason, StringComparison.Ordinal);
        var failure = await test.Node.Failure.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains($"a snapshot could not be written: {operation}", failure.Reason, StringComparison.Ordinal);
        await Eventually.HoldsAsync(() => test.Partition.Phase is PartitionPhase.Failed, "the partition has failed");
        Assert.IsType<SnapshotOutcome.Failed>(await SnapshotAsync(test));
        Assert.Equal(1, Volatile.Read(ref tries));
    }

    [Fact]
    public async Task Should_end_the_node_when_the_removal_of_old_segments_could_not_be_made_durable()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        var (removed, tries) = (0, 0);
        disk.Before = (operation, path) =>
        {
            if (operation == "unlink" && path.EndsWith(".wal", StringComparison.Ordinal))
                Interlocked.Increment(ref removed);
            if (operation != "fsync" || !path.EndsWith("/wal", StringComparison.Ordinal) || Volatile.Read(ref removed) == 0)
                return;

            Interlocked.Increment(ref tries);
            throw new DiskException(operation, path, DiskException.InputOutput, "injected");
        };

        await MakeGarbageAsync(test);

        var failure = await test.Node.Failure.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Contains("old log segments could not be deleted: fsync", failure.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Volatile.Read(ref tries));
    }

    [Fact]
    public async Task Should_answer_and_go_on_when_collecting_fails_in_a_way_that_nobody_thought_of()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        disk.Before = (operation, path) =>
        {
            if (operation == "unlink" && path.EndsWith(".wal", StringComparison.Ordinal))
                throw new InvalidDataException("mine");
        };
        await MakeGarbageAsync(test);

        Assert.Contains("mine", Assert.IsType<CollectOutcome.Failed>(await CollectAsync(test)).Reason, StringComparison.Ordinal);
        disk.Before = null;
        Assert.True(Assert.IsType<CollectOutcome.Collected>(await CollectAsync(test)).SegmentsDeleted > 0);
        Assert.False(test.Node.Failure.IsCompleted);
    }

    [Fact]
    public async Task Should_end_the_node_when_the_directory_of_a_new_segment_cannot_be_synced_for_whatever_reason()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        disk.Before = (operation, path) =>
        {
            if (operation == "fsync" && path.EndsWith("/wal", StringComparison.Ordinal))
                throw new DiskException(operation, path, DiskException.NoSpace, "injected");
        };
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!test.Node.Failure.IsCompleted && !deadline.IsCancellationRequested)
            await test.Partition.WriteAsync([.. Enumerable.Range(0, 400).Select(i => Words.Mark(i * 2, i * 2))]);

        Assert.Contains("fsync", (await test.Node.Failure.WaitAsync(TimeSpan.FromSeconds(1))).Reason, StringComparison.Ordinal);
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

    // Two snapshots, and whole segments below the older one; collecting follows the second.
    private static async Task MakeGarbageAsync(TestNode test)
    {
        for (var round = 0; round < 2; round++)
        {
            var until = test.Partition.Positions.WrittenLsn.Plus(3 * 64 * 1024);
            while (test.Partition.Positions.WrittenLsn < until)
                await test.Partition.CommitAsync([.. Enumerable.Range(0, 1000).Select(i => Words.Mark(i * 2, i * 2))]);
            Assert.IsType<SnapshotOutcome.Written>(await SnapshotAsync(test));
        }
    }

    private static Task<SnapshotOutcome> SnapshotAsync(TestNode test) =>
        test.Partition.SnapshotAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

    private static Task<CollectOutcome> CollectAsync(TestNode test) =>
        test.Partition.CollectAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
}
