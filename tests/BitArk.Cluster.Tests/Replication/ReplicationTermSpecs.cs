using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>What happens to the dealings of a term when another one begins in the middle of them.</summary>
public sealed class ReplicationTermSpecs : ReplicaTrio
{
    [Fact]
    public async Task Should_fetch_the_snapshot_of_the_new_term_when_the_leader_restarts_in_the_middle_of_a_transfer()
    {
        var transfer = await HoldATransferAsync();
        await StopAsync(Nodes[0]);
        await StartAsync(Nodes[0]);
        await Eventually.HoldsAsync(
            () => Leader.Status.Phase is PartitionPhase.Serving && Nodes[2].Store.Promised.Epoch == Leader.Store.Epoch, "the third has promised the new term");
        transfer.Open();

        await CaughtUpAsync(Nodes[1], Nodes[2]);
        Assert.Equal(Leader.Store.State.Digest(), Nodes[2].Store.State.Digest());
    }

    [Fact]
    public async Task Should_stay_failed_when_a_transfer_goes_on_after_the_failure()
    {
        var transfer = await HoldATransferAsync();
        Nodes[2].Actor.Tell(new PartitionProtocol.StorageFailed("its disk is gone"), ActorRefs.NoSender);
        await Eventually.HoldsAsync(() => Nodes[2].Status.Phase is PartitionPhase.Failed, "it has failed");
        transfer.Open();

        var snapshots = Nodes[2].Directory.Layout.Partition(new PartitionId(0)).SnapshotsPath;
        await Eventually.HoldsAsync(() => Directory.GetFiles(snapshots, "*.received").Length > 0, "the snapshot is here");
        Assert.IsType<PartitionPhase.Failed>(Nodes[2].Status.Phase);
    }

    // Until then its log may grow by what the old leader sent, which the new one need not have.
    [Fact]
    public async Task Should_not_follow_the_new_leader_before_the_log_is_fenced()
    {
        await StartAllAsync();
        var disk = Nodes[2].Disk.HoldSegmentSyncs();
        await Leader.Partition.CommitAsync(Words.Mark(1, 1));
        await disk.Reached;
        await StopAsync(Nodes[0]);
        var (beats, early) = (0, 0);
        Door = (from, to, message) =>
        {
            if (to == Nodes[2].Name && message is Heartbeat)
                Interlocked.Increment(ref beats);
            if (from == Nodes[2].Name && message is PullFrom)
                Interlocked.Increment(ref early);
            return message;
        };

        await StartAsync(Nodes[0]);
        await Eventually.HoldsAsync(() => Volatile.Read(ref beats) >= 5, "the new leader is heard");
        Assert.Equal(0, Volatile.Read(ref early));

        disk.Open();
        await CaughtUpAsync(Nodes[1], Nodes[2]);
    }

    [Fact]
    public async Task Should_keep_the_log_for_the_others_when_no_leader_has_said_yet_what_they_need()
    {
        await StartAsync(Nodes[0], Nodes[1]);
        await Eventually.HoldsAsync(() => Leader.Status.Phase is PartitionPhase.Serving && Nodes[1].Status.Phase is PartitionPhase.Following, "two of three are enough");
        await StopAsync(Nodes[0]);
        await StopAsync(Nodes[1]);
        Door = (_, _, _) => null;

        await StartAsync(Nodes[0], Nodes[1]);
        await Eventually.HoldsAsync(() => Nodes[0].Status.Phase is PartitionPhase.Following && Nodes[1].Status.Phase is PartitionPhase.Following, "nobody leads");
        Assert.Equal(Lsn.Zero, Leader.Status.RetainedFloor);
        Assert.Equal(Lsn.Zero, Nodes[1].Status.RetainedFloor);
    }

    // An idle leader that was cut off, say, while the others promised a later epoch to somebody.
    [Fact]
    public async Task Should_step_down_and_begin_anew_when_the_followers_have_promised_a_higher_epoch()
    {
        await StartAllAsync();
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        var later = new Epoch(100);
        foreach (var follower in Nodes.Skip(1))
        {
            follower.Actor.Tell(
                new Prepare(Leader.Directory.Meta.ClusterId, new PartitionId(0), later, Guid.NewGuid(), Nodes[1].Name == follower.Name ? Nodes[2].Name : Nodes[1].Name), TestActor);
            await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        }

        await Eventually.HoldsAsync(() => Leader.Store.Epoch > later && Leader.Status.Phase is PartitionPhase.Serving, "it leads a higher epoch");
        await Leader.Partition.CommitAsync(Words.Mark(1, 1));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
    }

    [Fact]
    public async Task Should_ask_for_a_snapshot_again_when_the_first_could_not_be_written()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        await StopAsync(Nodes[2]);
        var segment = Directory.GetFiles(Nodes[2].Directory.Layout.Partition(new PartitionId(0)).WalPath, "*.wal").Order().First();
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[80] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Leader.Disk.Before = (operation, path) =>
        {
            if (!path.Contains(".snap", StringComparison.Ordinal) || operation != "open" || !refused.TrySetResult())
                return;

            throw new BitArk.Storage.Disk.DiskException(operation, path, BitArk.Storage.Disk.DiskException.NoSpace, "No space left on device");
        };

        await StartAsync(Nodes[2]);
        await refused.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        Assert.Equal(1, Nodes[2].Status.Wire.Counts.FullSyncs);
    }

    private async Task<Gate> HoldATransferAsync()
    {
        await StartAllAsync();
        await StopAsync(Nodes[2]);
        await LoseTheLogAsync();
        var gate = new Gate();
        ChunkDoor = chunk =>
        {
            gate.Pass();
            return chunk;
        };
        await StartAsync(Nodes[2]);
        await gate.Reached;
        return gate;
    }
}
