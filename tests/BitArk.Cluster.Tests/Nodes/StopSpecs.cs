using System.Collections.Concurrent;
using Akka.Actor;
using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class StopSpecs
{
    [Fact]
    public async Task Should_answer_every_write_and_keep_every_acknowledged_one_when_stopped_under_load()
    {
        await using var test = await TestNode.StartAsync("bitark.snapshot { every-bytes = 64 KiB, pace-bytes-per-second = 0 }");
        var acknowledged = new ConcurrentBag<(long User, long Message)>();
        var writers = Enumerable.Range(0, 16).Select(user => WriteUntilRefusedAsync(test.Partition, user, acknowledged)).ToArray();
        await Eventually.HoldsAsync(() => acknowledged.Count >= 200, "the writers are under way");

        await test.Node.DisposeAsync();
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(20));
        await test.StartAgainAsync();

        Assert.True(acknowledged.Count >= 200);
        foreach (var (user, message) in acknowledged)
            Assert.True(await test.Partition.IsReadAsync(message, user), $"message {message} of user {user}");
    }

    [Fact]
    public async Task Should_mark_the_whole_log_durable_when_stopped()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 10));
        var written = test.Partition.Positions.WrittenLsn;
        await test.Node.DisposeAsync();

        var mark = Storage.Wal.DurableMarkFile.Read(Path.Combine(test.DataDirectory, "partitions", "0", "durable.mark"), Storage.Disk.PosixDisk.Instance);

        Assert.Equal(written, mark.DurableLsn);
        Assert.Equal(written, mark.CommitLsn);
        await test.StartAgainAsync();
    }

    [Fact]
    public async Task Should_refuse_writes_and_admin_requests_when_stopped()
    {
        await using var test = await TestNode.StartAsync();
        var partition = test.Partition;
        await test.Node.StopPartitionsAsync(TimeSpan.FromSeconds(20));

        Assert.IsType<WriteOutcome.NoLeader>(await partition.WriteAsync(Words.Mark(1, 1)));
        Assert.IsType<PartitionPhase.Stopping>(partition.Phase);
        Assert.IsType<SnapshotOutcome.Failed>(await partition.SnapshotAsync(CancellationToken.None));
        Assert.IsType<CollectOutcome.Failed>(await partition.CollectAsync(CancellationToken.None));
        Assert.False(await partition.IsReadAsync(1));
    }

    [Fact]
    public async Task Should_keep_the_directory_while_a_partition_may_still_write()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        var gate = disk.HoldSegmentSyncs();
        var write = test.Partition.WriteAsync(Words.Mark(1, 1));
        await gate.Reached;
        Assert.NotNull(test.Partition.FlushingFor);

        await Assert.ThrowsAsync<AskTimeoutException>(() => test.Node.StopPartitionsAsync(TimeSpan.FromMilliseconds(50)));
        await using (var other = new BitArkNode(test.Settings))
            Assert.Throws<NodeStartException>(other.Open);

        gate.Open();
        Assert.IsType<WriteOutcome.Committed>(await write);
        await test.Node.StopPartitionsAsync(TimeSpan.FromSeconds(20));
        Assert.Null(test.Partition.FlushingFor);
        await using (var other = new BitArkNode(test.Settings))
            other.Open();
    }

    private static async Task WriteUntilRefusedAsync(IPartition partition, long user, ConcurrentBag<(long User, long Message)> acknowledged)
    {
        for (var message = 1; ; message += 2)
        {
            switch (await partition.WriteAsync(Words.Mark(message, message, user)))
            {
                case WriteOutcome.Committed:
                    acknowledged.Add((user, message));
                    break;
                case WriteOutcome.NoLeader:
                    return;
                case var other:
                    Assert.Fail(other.ToString());
                    return;
            }
        }
    }
}
