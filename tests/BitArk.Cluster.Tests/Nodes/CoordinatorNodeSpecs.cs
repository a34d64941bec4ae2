using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class CoordinatorNodeSpecs
{
    [Fact]
    public async Task Should_know_one_coordinator_everywhere_and_another_one_when_its_node_is_gone()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        await Eventually.HoldsAsync(() => Coordinators("node1", "node2", "node3") is ["node1"], "node1, the first one, coordinates for all");

        // From a node that does not coordinate, over the wire and back.
        var outcome = await cluster["node3"].Node.TransferAsync(new PartitionId(0), new NodeId("node2"), CancellationToken.None);
        Assert.NotEqual(TransferResult.NoCoordinator, outcome.Result);

        // The resolver counts no member that is only joining.
        await cluster.WhenUpAsync("node1", "node2", "node3");
        await cluster["node1"].KillAsync();
        await Eventually.HoldsAsync(() => Coordinators("node2", "node3") is ["node2"] or ["node3"], "one of the others coordinates for both", ClusterFixture.Patience);

        string?[] Coordinators(params string[] seenBy) => [.. seenBy.Select(name => cluster[name].Node.Coordinator?.Name).Distinct()];
    }

    [Fact]
    public async Task Should_say_at_once_that_a_node_has_no_replica_and_that_nobody_coordinates_where_it_is_alone()
    {
        await using var test = await TestNode.StartAsync();
        Assert.Null(((IReadStatusNode)test.Node).Leaderships);
        Assert.Equal(TransferResult.NoCoordinator, (await test.Node.TransferAsync(new PartitionId(0), new NodeId("node2"), CancellationToken.None)).Result);

        // Nobody is there to hand over to: nothing is waited for.
        await test.Node.HandOverLeadershipsAsync(Timeout.InfiniteTimeSpan);
    }
}
