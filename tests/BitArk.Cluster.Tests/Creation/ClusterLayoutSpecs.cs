using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Tests.Creation;

public sealed class ClusterLayoutSpecs
{
    private static readonly ClusterLayout Five = new(Layouts.A, Layouts.Terms, [new("a"), new("b"), new("c"), new("d"), new("e")]);

    [Theory]
    [InlineData(0, "a b c")]
    [InlineData(3, "a d e")]
    [InlineData(4, "a b e")]
    [InlineData(7, "c d e")]
    public void Should_place_replicas_round_the_ring_when_there_are_more_nodes_than_replicas(int partition, string members)
    {
        var replicas = Five.ReplicasOf(new PartitionId(partition));
        Assert.Equal(members.Split(' '), replicas.Members.Select(node => node.Name));
        Assert.All(Five.Nodes, node => Assert.Equal(replicas.Contains(node), Five.Hosts(node, new PartitionId(partition))));
    }

    [Fact]
    public void Should_be_equal_when_the_content_is() =>
        Assert.Equal(Layouts.Of(Layouts.A, "node1", "node2", "node3"), Layouts.Of(Layouts.A, "node1", "node2", "node3"));

    [Fact]
    public void Should_differ_when_any_part_does()
    {
        var layout = Layouts.Of(Layouts.A, "node1", "node2", "node3");
        Assert.NotEqual(layout, Layouts.Of(Layouts.B, "node1", "node2", "node3"));
        Assert.NotEqual(layout, Layouts.Of(Layouts.A, "node1", "node2", "node4"));
        Assert.NotEqual(layout, layout with { Terms = Layouts.Terms with { Partitions = 9 } });
    }
}
