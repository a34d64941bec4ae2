using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>A replica that stays open while its ActorSystem ends and another one begins.</summary>
public sealed class KeptReplicaSpecs : ReplicaTrio
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Should_go_on_in_the_same_memory_and_be_readable_all_the_time_when_its_actors_end_and_begin(int which)
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync([.. Nodes]);
        var node = Nodes[which];
        var (store, written) = (node.Store, node.Store.Log.WrittenLsn);
        var isOpened = false;
        node.Disk.Before = (operation, path) => isOpened |= operation == "open" && path.Contains("durable.mark", StringComparison.Ordinal);
        using var over = new CancellationTokenSource();
        var reading = ReadUntilAsync(node, over.Token);

        await KeepAsync(node);
        Assert.Equal(new PartitionPhase.Rejoining(WasReadable: true), node.Status.Phase);
        Assert.Equal(Leadership.None, node.Status.Leadership);
        await Eventually.HoldsAsync(() => Leader != node && Leader.Status.Phase is PartitionPhase.Serving, "another one leads");
        await Leader.Partition.CommitAsync(Words.Mark(20, 29));
        Resume(node);
        await CaughtUpAsync([.. Nodes]);

        Assert.Same(store, node.Store);
        Assert.True(store.Log.WrittenLsn > written);
        Assert.True(await node.Partition.IsReadAsync(29));
        Assert.Single(Nodes.Select(other => other.Store.State.Digest()).Distinct());
        Assert.False(isOpened, "its log was opened a second time");
        await over.CancelAsync();
        Assert.True(await reading > 0);
        Assert.Equal("", node.Failure);
    }

    [Fact]
    public async Task Should_answer_at_once_what_needs_its_actors_when_they_are_gone()
    {
        await StartAllAsync();
        var node = Nodes[1];
        await CaughtUpAsync(node);
        await KeepAsync(node);

        Assert.IsType<WriteOutcome.NoLeader>(await node.Partition.WriteAsync(Words.Mark(1, 1)));
        Assert.IsType<SnapshotOutcome.Failed>(await node.Partition.SnapshotAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.IsType<CollectOutcome.Failed>(await node.Partition.CollectAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.IsType<DigestOutcome.Unavailable>(await node.Partition.DigestAsync(Lsn.Zero, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)));
        node.Status.EndKept();
    }

    [Fact]
    public async Task Should_close_its_log_when_the_node_ends_after_all()
    {
        await StartAllAsync();
        var node = Nodes[1];
        await CaughtUpAsync(node);
        await node.Actor.Ask<PartitionProtocol.Stopped>(new PartitionProtocol.Stop(Keep: true), TimeSpan.FromSeconds(20));
        Assert.True(node.Status.HasKept);

        node.Status.EndKept();

        Assert.False(node.Status.HasKept);
        Assert.IsType<PartitionPhase.Stopping>(node.Status.Phase);
        await StopAsync(node);
        await StartAsync(node);
        await CaughtUpAsync([.. Nodes]);
    }

    [Fact]
    public async Task Should_be_read_again_from_the_disk_when_its_actors_ended_out_of_order()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync([.. Nodes]);
        var node = Nodes[2];
        var store = node.Store;

        // A write that is lost with the mailbox it was in.
        Assert.True(node.Status.Admission.TryEnter(100));
        await node.Actor.GracefulStop(TimeSpan.FromSeconds(20));
        await node.Status.Jobs.WhenIdle.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.False(node.Status.HasKept);

        node.Status.Withdraw();
        Assert.Equal(new PartitionPhase.Rejoining(WasReadable: false), node.Status.Phase);
        Resume(node);
        await CaughtUpAsync([.. Nodes]);

        Assert.NotSame(store, node.Store);
        Assert.True(await node.Partition.IsReadAsync(9));
        await StopAsync(node);
    }

    private static async Task<int> ReadUntilAsync(TrioNode node, CancellationToken over)
    {
        var reads = 0;
        while (!over.IsCancellationRequested)
        {
            Assert.True(node.Status.Phase.IsReadable, $"{node.Status.Phase}");
            Assert.True(await node.Partition.IsReadAsync(9));
            reads++;
            await Task.Yield();
        }

        return reads;
    }
}
