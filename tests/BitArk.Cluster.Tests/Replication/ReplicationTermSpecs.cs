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
        await StopAsync(Leader);
        await StartAsync(Leader);
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
