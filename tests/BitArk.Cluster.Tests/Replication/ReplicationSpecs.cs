using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Routing;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication.Messages;
using BitArk.Storage.Disk;

namespace BitArk.Cluster.Tests.Replication;

public sealed class ReplicationSpecs : ReplicaTrio
{
    [Fact]
    public async Task Should_serve_when_a_majority_has_promised_and_the_first_record_is_committed()
    {
        await StartAsync(Nodes[0]);
        await Eventually.HoldsAsync(() => Leader.Status.Phase is PartitionPhase.Following, "it waits to be told");
        Assert.IsType<WriteOutcome.NoLeader>(await Leader.Partition.WriteAsync(Words.Mark(1, 1)));

        await StartAsync(Nodes[1]);
        await Eventually.HoldsAsync(() => Leader.Status.Phase is PartitionPhase.Serving, "two of three are enough");

        Assert.Equal(Leader.Name, Leader.Status.Leadership.Leader);
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync(Nodes[1]);
        Assert.True(await Nodes[1].Partition.IsReadAsync(9));
    }

    [Fact]
    public async Task Should_write_the_same_bytes_everywhere_when_segments_roll()
    {
        await StartAllAsync();
        for (var i = 0; i < 100; i++)
            await Leader.Partition.CommitAsync([.. Enumerable.Range(0, 300).Select(j => Words.Mark((1L << 40) + (i * 10_000) + (2 * j), (1L << 40) + (i * 10_000) + (2 * j)))]);

        await CaughtUpAsync(Nodes[1], Nodes[2]);
        foreach (var node in Nodes)
            await StopAsync(node);

        var logs = Nodes.Select(LogOf).ToList();
        Assert.True(logs[0].Count() > 3);
        Assert.Equal(logs[0], logs[1].Take(logs[0].Count()));
        Assert.Equal(logs[0], logs[2].Take(logs[0].Count()));
    }

    [Fact]
    public async Task Should_catch_up_when_a_follower_was_away()
    {
        await StartAllAsync();
        await StopAsync(Nodes[2]);
        for (var i = 1; i <= 50; i++)
            await Leader.Partition.CommitAsync(Words.Mark(i, i));

        await StartAsync(Nodes[2]);
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        Assert.True(await Nodes[2].Partition.IsReadAsync(50));
        Assert.Equal(Leader.Store.State.Digest(), Nodes[2].Store.State.Digest());
    }

    [Fact]
    public async Task Should_begin_a_higher_epoch_and_keep_every_mark_when_the_leader_restarts()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        var before = Leader.Store.Epoch;
        await StopAsync(Nodes[0]);

        await StartAsync(Nodes[0]);
        await ServingAsync();

        Assert.True(Leader.Store.Epoch > before);
        await Leader.Partition.CommitAsync(Words.Mark(10, 10));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        Assert.True(await Nodes[1].Partition.IsReadAsync(9));
    }

    [Fact]
    public async Task Should_answer_nothing_when_no_majority_acks()
    {
        await StartAllAsync();
        // Their heartbeats' echoes go on: without these the leader would take no write at all.
        var (first, second) = (Nodes[1].Disk.HoldSegmentSyncs(), Nodes[2].Disk.HoldSegmentSyncs());
        var written = Leader.Store.Log.WrittenLsn;
        var write = Leader.Partition.WriteAsync(Words.Command(Words.Mark(1, 1)), CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => Leader.Store.Log.WrittenLsn > written, "it is durable on the leader");

        Assert.False(write.IsCompleted);
        Assert.False(await Leader.Partition.IsReadAsync(1));

        first.Open();
        Assert.IsType<WriteOutcome.Committed>(await write.WaitAsync(TimeSpan.FromSeconds(20)));
        second.Open();
    }

    [Fact]
    public async Task Should_end_and_answer_when_it_failed_while_a_write_waits_for_a_majority()
    {
        await StartAllAsync();
        // Their heartbeats' echoes go on: without these the leader would take no write at all.
        var (first, second) = (Nodes[1].Disk.HoldSegmentSyncs(), Nodes[2].Disk.HoldSegmentSyncs());
        var written = Leader.Store.Log.WrittenLsn;
        var write = Leader.Partition.WriteAsync(Words.Command(Words.Mark(1, 1)), CancellationToken.None).AsTask();
        await Eventually.HoldsAsync(() => Leader.Store.Log.WrittenLsn > written, "it is durable on the leader");

        Leader.Actor.Tell(new PartitionProtocol.StorageFailed("its disk is gone"), ActorRefs.NoSender);
        await StopAsync(Nodes[0]);
        Assert.IsType<WriteOutcome.OutcomeUnknown>(await write.WaitAsync(TimeSpan.FromSeconds(10)));
        first.Open();
        second.Open();
    }

    [Fact]
    public async Task Should_fetch_a_snapshot_when_the_log_is_gone()
    {
        await StartAllAsync();
        await StopAsync(Nodes[2]);
        await LoseTheLogAsync();

        await StartAsync(Nodes[2]);
        await CaughtUpAsync(Nodes[1], Nodes[2]);

        Assert.Equal(1, Nodes[2].Status.Wire.Counts.FullSyncs);
        Assert.Equal(Leader.Store.State.Digest(), Nodes[2].Store.State.Digest());
        await Leader.Partition.CommitAsync(Words.Mark(7, 7, user: 77));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
    }

    [Fact]
    public async Task Should_fetch_only_the_damaged_chunk_again_and_go_on_when_the_stream_broke()
    {
        await StartAllAsync();
        await StopAsync(Nodes[2]);
        await LoseTheLogAsync();
        var seen = 0;
        ChunkDoor = chunk => ++seen switch
        {
            1 => chunk with { IsSound = false },
            3 => null,
            _ => chunk,
        };

        await StartAsync(Nodes[2]);
        await CaughtUpAsync(Nodes[1], Nodes[2]);

        Assert.Equal(1, Nodes[2].Status.Wire.Counts.ChecksumFailures);
        Assert.Equal(1, Nodes[2].Status.Wire.Counts.FullSyncs);
        Assert.Equal(Leader.Store.State.Digest(), Nodes[2].Store.State.Digest());
    }

    // The next transfer would go on in the same file, and its sync would say that all of it is there.
    [Theory]
    [InlineData(".snap.part")]
    [InlineData("/snapshots")]
    public async Task Should_end_when_what_arrived_of_a_snapshot_could_not_be_made_durable(string path)
    {
        await StartAllAsync();
        await StopAsync(Nodes[2]);
        await LoseTheLogAsync();
        ChunkDoor = chunk =>
        {
            Nodes[2].Disk.Before = (operation, file) =>
            {
                if (operation == "fsync" && file.EndsWith(path, StringComparison.Ordinal))
                    throw new DiskException(operation, file, DiskException.InputOutput, "injected");
            };
            return chunk;
        };

        await StartAsync(Nodes[2]);

        await Eventually.HoldsAsync(() => Nodes[2].Status.Phase is PartitionPhase.Failed, "it has failed");
        Assert.Contains("the leader's snapshot could not be made durable: fsync", Nodes[2].Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_end_once_the_install_is_done_when_a_sync_failed_meanwhile()
    {
        await StartAllAsync();
        await StopAsync(Nodes[2]);
        await LoseTheLogAsync();
        var gate = new Gate();
        ChunkDoor = chunk =>
        {
            Nodes[2].Disk.Before = (operation, path) =>
            {
                if (operation == "fsync" && path.EndsWith("install.intent.tmp", StringComparison.Ordinal))
                    gate.Pass();
            };
            return chunk;
        };
        await StartAsync(Nodes[2]);
        await gate.Reached;

        Nodes[2].Actor.Tell(new PartitionProtocol.StorageFailed("mine"), ActorRefs.NoSender);
        gate.Open();

        await Eventually.HoldsAsync(() => Nodes[2].Failure == "mine", "it has failed");
        Assert.IsType<PartitionPhase.Failed>(Nodes[2].Status.Phase);
    }

    [Fact]
    public async Task Should_be_repaired_and_serve_nothing_meanwhile_when_its_log_is_damaged()
    {
        await StartAllAsync();
        for (var i = 1; i <= 20; i++)
            await Leader.Partition.CommitAsync(Words.Mark(i, i));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        await StopAsync(Nodes[2]);
        var segment = Directory.GetFiles(Nodes[2].Directory.Layout.Partition(new PartitionId(0)).WalPath, "*.wal").Order().First();
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[200] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        Door = (_, to, message) => to == Nodes[2].Name && message is Heartbeat ? null : message;

        await StartAsync(Nodes[2]);
        await Eventually.HoldsAsync(() => Nodes[2].Status.Phase is PartitionPhase.Damaged, "the damage is found");
        Door = (_, _, message) => message;
        await CaughtUpAsync(Nodes[1], Nodes[2]);

        Assert.Equal(1, Nodes[2].Status.Wire.Counts.FullSyncs);
        Assert.Equal(Leader.Store.State.Digest(), Nodes[2].Store.State.Digest());
        await Eventually.HoldsAsync(() => !Nodes[2].Store.IsRejoining, "it counts again although nobody writes");
        await CaughtUpAsync(Nodes[1], Nodes[2]);
    }

    // Ending the process would end the node's other partitions too, and each start would fail again.
    [Fact]
    public async Task Should_be_repaired_when_the_device_cannot_read_its_log_at_a_start()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 1));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        await StopAsync(Nodes[2]);
        Door = (_, to, message) => to == Nodes[2].Name && message is Heartbeat ? null : message;
        Nodes[2].BadDisk = (operation, path) =>
        {
            if (operation == "pread" && path.EndsWith(".wal", StringComparison.Ordinal))
                throw new DiskException(operation, path, DiskException.InputOutput, "Input/output error");
        };

        await StartAsync(Nodes[2]);
        await Eventually.HoldsAsync(() => Nodes[2].Status.Phase is PartitionPhase.Damaged, "the damage is found");
        Nodes[2].Disk.Before = null;
        Door = (_, _, message) => message;
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        Assert.Equal(Leader.Store.State.Digest(), Nodes[2].Store.State.Digest());
    }

    [Fact]
    public async Task Should_not_count_a_learner_when_no_other_follower_is_there()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 1));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        await StopAsync(Nodes[2]);
        await File.WriteAllTextAsync(Nodes[2].Directory.Layout.Partition(new PartitionId(0)).RejoiningMarkPath, "rejoining");
        await StartAsync(Nodes[2]);

        // The other one keeps the leader's lease alive, and makes nothing durable.
        var disk = Nodes[1].Disk.HoldSegmentSyncs();
        var commit = Leader.Status.CommitLsn;
        var write = Leader.Partition.CommitAsync(Words.Mark(2, 2));
        await Eventually.HoldsAsync(
            () => Leader.Store.Log.WrittenLsn > commit && Leader.Status.ReplicaViews.Any(view => view.Node == Nodes[2].Name && view.LastAckLsn == Leader.Store.Log.WrittenLsn),
            "the learner has acked it");
        Assert.Equal(commit, Leader.Status.CommitLsn);
        Assert.False(write.IsCompleted);

        // What it has not is unknown to it, not unread.
        Assert.IsType<PartitionPhase.Learning>(Nodes[2].Status.Phase);
        disk.Open();
        await write;
        await Eventually.HoldsAsync(() => !Nodes[2].Store.IsRejoining && Nodes[2].Status.Phase.IsReadable, "it counts again");
        await CaughtUpAsync(Nodes[1], Nodes[2]);
    }

    [Fact]
    public async Task Should_send_reads_on_and_be_of_no_use_to_them_while_it_is_learning()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 1));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        await StopAsync(Nodes[2]);
        var files = Nodes[2].Directory.Layout.Partition(new PartitionId(0));
        Directory.Delete(files.Root, recursive: true);
        Directory.CreateDirectory(files.Root);
        await File.WriteAllTextAsync(files.RejoiningMarkPath, "rejoining");

        // It hears of nobody: its memory is empty, and stays so.
        Door = (_, to, message) => to == Nodes[2].Name ? null : message;
        await StartAsync(Nodes[2]);
        await Eventually.HoldsAsync(() => Nodes[2].Status.Replica is not null && Nodes[2].Status.Phase is not PartitionPhase.Recovering, "it is open");

        Assert.IsType<PartitionPhase.Learning>(Nodes[2].Status.Phase);
        var peers = new ScriptedPeers();
        Nodes[2].Status.Peers = peers;
        Nodes[2].Status.ReplicaNodes = Replicas.Members;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Assert.True(await Nodes[2].Partition.ReplicaReads(default, deadline.Token).ContainsAsync(NamespaceId.Default, Words.User, Words.Channel, 7));
        Assert.Equal(1, peers["node1"].ReadsAsked.Count + peers["node2"].ReadsAsked.Count);
        Assert.IsType<DigestOutcome.Unavailable>(await Nodes[2].Partition.DigestAsync(Lsn.Zero, deadline.Token));

        Door = (_, _, message) => message;
        Nodes[2].Status.Peers = null;
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        Assert.True(await Nodes[2].Partition.IsReadAsync(1));
    }
}
