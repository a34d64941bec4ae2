using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class SnapshotSpecs
{
    private const string Often = "bitark.snapshot { every-bytes = 128 KiB, pace-bytes-per-second = 0 }";

    [Fact]
    public async Task Should_show_no_position_while_there_is_no_snapshot()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 10));

        Assert.Equal(Lsn.Zero, test.Partition.Positions.SnapshotLsn);
    }

    [Fact]
    public async Task Should_write_and_verify_a_snapshot_when_asked()
    {
        await using var test = await TestNode.StartAsync();
        var committed = await test.Partition.CommitAsync(Words.Mark(1, 10), Words.Mark(1, 5, user: 2));

        var written = Assert.IsType<SnapshotOutcome.Written>(await SnapshotAsync(test));

        Assert.Equal(committed.Lsn, written.Lsn);
        Assert.Equal(2, written.ReadSets);
        Assert.Equal(written.Lsn, test.Partition.Positions.SnapshotLsn);
        Assert.Single(Snapshots(test));
    }

    [Fact]
    public async Task Should_recover_from_snapshot_and_log_behind_it_when_started_again()
    {
        await using var test = await TestNode.StartAsync();
        await test.Partition.CommitAsync(Words.Mark(1, 10));
        await SnapshotAsync(test);
        await test.Partition.CommitAsync(Words.Mark(20, 30), Words.Unmark(5, 5));

        await test.RestartAsync();

        Assert.True(await test.Partition.IsReadAsync(4));
        Assert.False(await test.Partition.IsReadAsync(5));
        Assert.True(await test.Partition.IsReadAsync(30));
        Assert.True(test.Partition.Positions.SnapshotLsn > Lsn.Zero);
    }

    [Fact]
    public async Task Should_keep_the_disk_bounded_when_much_is_written()
    {
        await using var test = await TestNode.StartAsync(Often);
        var snapshots = new HashSet<Lsn>();
        for (var round = 0; round < 3000 && snapshots.Count < 6; round++)
        {
            await test.Partition.CommitAsync([.. Enumerable.Range(0, 1000).Select(i => Words.Mark((round * 7) + (i * 2), (round * 7) + (i * 2), user: i % 5))]);
            snapshots.Add(test.Partition.Positions.SnapshotLsn);
        }

        Assert.True(snapshots.Count >= 6, $"{snapshots.Count} snapshots");
        await Eventually.HoldsAsync(() => test.Partition.Positions.MinRetainedLsn.Value > 5 * 64 * 1024, "old segments are deleted");
        Assert.True(Snapshots(test).Length <= 3, "the two newest, and one being written");

        // What is kept is bounded by how far apart snapshots are, which is the machine's affair; that all else goes is not.
        await Eventually.HoldsAsync(
            () => Directory.GetFiles(WalDirectory(test), "*.wal").Length <= (test.Partition.Positions.WrittenLsn.BytesSince(test.Partition.Positions.MinRetainedLsn) / (64 * 1024)) + 4,
            "only the segments behind the older snapshot, and a spare");

        await test.RestartAsync();
        Assert.True(await test.Partition.IsReadAsync(0, user: 0));
    }

    [Fact]
    public async Task Should_delete_only_what_lies_below_the_older_of_two_snapshots_when_collecting()
    {
        await using var test = await TestNode.StartAsync();
        await FillSegmentsAsync(test, 4);
        Assert.Equal(new CollectOutcome.Collected(0, 0), await CollectAsync(test));

        await SnapshotAsync(test);
        Assert.Equal(new CollectOutcome.Collected(0, 0), await CollectAsync(test));
        var older = test.Partition.Positions.SnapshotLsn;
        await FillSegmentsAsync(test, 3);
        await SnapshotAsync(test);

        // Collecting follows every snapshot by itself; asking for it waits for its end.
        Assert.IsType<CollectOutcome.Collected>(await CollectAsync(test));
        var retained = test.Partition.Positions.MinRetainedLsn;
        Assert.True(retained <= older);
        Assert.True(retained.Value >= 4 * 64 * 1024);
    }

    [Fact]
    public async Task Should_snapshot_after_the_time_set_when_little_was_written()
    {
        await using var test = await TestNode.StartAsync("bitark.snapshot.every = 1 s");
        await test.Partition.CommitAsync(Words.Mark(1, 1));
        await Eventually.HoldsAsync(() => Snapshots(test).Length == 1, "a snapshot is written");
    }

    [Theory]
    [InlineData("pwrite")]
    [InlineData("fsync")]
    public async Task Should_go_on_and_leave_the_older_ones_when_there_is_no_room_for_a_snapshot(string operation)
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        await test.Partition.CommitAsync(Words.Mark(1, 10));
        await SnapshotAsync(test);
        await test.Partition.CommitAsync(Words.Mark(11, 20));

        disk.Fail(operation, ".snap.tmp", DiskException.NoSpace);
        Assert.Contains("No space", Assert.IsType<SnapshotOutcome.Failed>(await SnapshotAsync(test)).Reason, StringComparison.Ordinal);
        await test.Partition.CommitAsync(Words.Mark(21, 30));
        Assert.Single(Snapshots(test));
        Assert.False(test.Node.Failure.IsCompleted);

        disk.Before = null;
        Assert.IsType<SnapshotOutcome.Written>(await SnapshotAsync(test));
    }

    [Fact]
    public async Task Should_commit_writes_while_a_snapshot_is_written_and_hold_exactly_its_position()
    {
        var disk = new ScriptedDisk();
        await using var test = await TestNode.StartAsync(disk: disk);
        await test.Partition.CommitAsync([.. Enumerable.Range(0, 1000).Select(i => Words.Mark(1, 10, user: i))]);
        var gate = new Gate();
        disk.Before = (operation, path) =>
        {
            if (operation == "pwrite" && path.EndsWith(".snap.tmp", StringComparison.Ordinal))
                gate.Pass();
        };
        var snapshot = SnapshotAsync(test);
        await gate.Reached;

        var later = await test.Partition.CommitAsync([.. Enumerable.Range(0, 1000).Select(i => Words.Unmark(5, 5, user: i))]);
        gate.Open();

        Assert.True(Assert.IsType<SnapshotOutcome.Written>(await snapshot).Lsn < later.Lsn);
        await test.RestartAsync();
        Assert.False(await test.Partition.IsReadAsync(5, user: 7));
        Assert.True(await test.Partition.IsReadAsync(6, user: 7));
    }

    private static async Task FillSegmentsAsync(TestNode test, int segments)
    {
        var until = test.Partition.Positions.WrittenLsn.Plus(segments * 64 * 1024);
        while (test.Partition.Positions.WrittenLsn < until)
            await test.Partition.CommitAsync([.. Enumerable.Range(0, 1000).Select(i => Words.Mark(i * 2, i * 2))]);
    }

    private static Task<SnapshotOutcome> SnapshotAsync(TestNode test) =>
        test.Partition.SnapshotAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

    private static Task<CollectOutcome> CollectAsync(TestNode test) =>
        test.Partition.CollectAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

    private static string[] Snapshots(TestNode test) =>
        Directory.GetFiles(Path.Combine(test.DataDirectory, "partitions", "0", "snapshots"), "*.snap");

    private static string WalDirectory(TestNode test) => Path.Combine(test.DataDirectory, "partitions", "0", "wal");
}
