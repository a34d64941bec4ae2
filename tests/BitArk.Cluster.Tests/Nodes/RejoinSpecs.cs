using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

/// <summary>The ActorSystem of a node ends, and the node does not.</summary>
public sealed class RejoinSpecs
{
    private static readonly string[] Three = ["node1", "node2", "node3"];

    [Fact]
    public async Task Should_join_again_by_itself_and_read_from_the_same_memory_all_the_time_when_it_was_cut_off_and_downed()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        await cluster.WhenUpAsync(Three);
        var node = cluster["node3"].Node;
        await node.WhenServingAsync().WaitAsync(ClusterFixture.Patience);
        var (system, address) = (cluster["node3"].System, cluster["node3"].Address);
        var stores = node.Statuses.Select(status => status.Replica!.Store).ToArray();
        using var over = new CancellationTokenSource();
        var reading = ReadUntilAsync(node, over.Token);

        await cluster.CutAsync("node3", "node1");
        await cluster.CutAsync("node3", "node2");
        await Eventually.HoldsAsync(() => node.Rebuilds == 1, "node3 has built its ActorSystem anew", ClusterFixture.Patience);
        await cluster.WhenUpAsync("node1", "node2");
        Assert.NotSame(system, cluster["node3"].System);
        Assert.Equal(address, cluster["node3"].Address);

        await cluster.HealAsync("node3", "node1");
        await cluster.HealAsync("node3", "node2");
        await cluster.WhenUpAsync(Three);
        await node.WhenServingAsync().WaitAsync(ClusterFixture.Patience);

        Assert.Equal(stores, node.Statuses.Select(status => status.Replica!.Store));
        Assert.All(Three, name => Assert.False(cluster[name].Node.Failure.IsCompleted));
        await over.CancelAsync();
        Assert.True(await reading > 0);
    }

    [Fact]
    public async Task Should_serve_again_under_a_new_epoch_when_it_holds_the_only_replica()
    {
        await using var cluster = await ClusterFixture.FormAsync(nodes: 2, replicationFactor: 1);
        await cluster.WhenUpAsync("node1", "node2");
        var node = cluster["node1"].Node;
        await node.WhenServingAsync().WaitAsync(ClusterFixture.Patience);
        var partition = node.Partitions[0];
        await partition.CommitAsync(Words.Mark(1, 9, user: UserOf(0)));
        var epoch = partition.Leadership.Epoch;

        await cluster["node1"].System.Terminate().WaitAsync(ClusterFixture.Patience);
        await Eventually.HoldsAsync(() => node.Rebuilds == 1, "node1 has built its ActorSystem anew", ClusterFixture.Patience);
        await node.WhenServingAsync().WaitAsync(ClusterFixture.Patience);

        Assert.True(partition.Leadership.Epoch > epoch);
        await partition.CommitAsync(Words.Mark(10, 10, user: UserOf(0)));
        Assert.True(await partition.IsReadAsync(9, UserOf(0)));
    }

    [Fact]
    public async Task Should_build_nothing_any_more_when_the_node_ends_meanwhile()
    {
        await using var cluster = await ClusterFixture.FormAsync(nodes: 2, replicationFactor: 1);
        var node = cluster["node1"].Node;
        await node.WhenServingAsync().WaitAsync(ClusterFixture.Patience);
        await cluster["node1"].System.Terminate().WaitAsync(ClusterFixture.Patience);

        await cluster["node1"].StopAsync();

        Assert.Equal(0, node.Rebuilds);
        Assert.All(node.Partitions, partition => Assert.True(partition.Phase is PartitionPhase.Stopping or PartitionPhase.Elsewhere, $"{partition.Phase}"));
        cluster.Start("node1");
        await cluster["node1"].Node.WhenServingAsync().WaitAsync(ClusterFixture.Patience);
    }

    private static long UserOf(int partition) =>
        Enumerable.Range(1, 1000).First(user => PartitionId.Of(new UserId(user), 4) == new PartitionId(partition));

    private static async Task<int> ReadUntilAsync(BitArkNode node, CancellationToken over)
    {
        var reads = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (!over.IsCancellationRequested && await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            foreach (var partition in node.Partitions)
            {
                Assert.True(partition.Phase.IsReadable, $"{partition.Phase}");
                Assert.False(await partition.IsReadAsync(1));
            }

            reads++;
        }

        return reads;
    }
}
