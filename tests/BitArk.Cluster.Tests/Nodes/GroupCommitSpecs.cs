using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class GroupCommitSpecs
{
    [Fact]
    public async Task Should_share_one_fdatasync_when_writes_gathered_while_the_disk_worked()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        var gate = disk.HoldSegmentSyncs();
        var first = test.Partition.CommitAsync(Words.Mark(1, 1));
        await gate.Reached;
        var others = Enumerable.Range(2, 200).Select(message => test.Partition.CommitAsync(Words.Mark(message, message))).ToArray();
        var before = disk.SegmentSyncs;

        gate.Open();
        await first;
        await Task.WhenAll(others);

        Assert.Equal(2, disk.SegmentSyncs - before);
    }

    [Fact]
    public async Task Should_acknowledge_nothing_and_show_nothing_while_the_fdatasync_is_under_way()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        var gate = disk.HoldSegmentSyncs();
        var write = test.Partition.CommitAsync(Words.Mark(1, 1));
        await gate.Reached;

        Assert.False(write.IsCompleted);
        Assert.False(await test.Partition.IsReadAsync(1));

        gate.Open();
        await write;
        Assert.True(await test.Partition.IsReadAsync(1));
    }

    [Fact]
    public async Task Should_answer_reads_when_the_disk_is_stalled()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        await test.Partition.CommitAsync(Words.Mark(1, 5));
        var gate = disk.HoldSegmentSyncs();
        var write = test.Partition.CommitAsync(Words.Mark(6, 6));
        await gate.Reached;

        var read = test.Partition.Reads.ContainsAsync(NamespaceId.Default, Words.User, Words.Channel, 5);
        Assert.True(read.IsCompletedSuccessfully);
        Assert.True(await read);

        gate.Open();
        await write;
    }
}
