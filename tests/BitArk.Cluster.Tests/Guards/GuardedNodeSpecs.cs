using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Guards;

/// <summary>The journal of a whole node.</summary>
public sealed class GuardedNodeSpecs
{
    [Fact]
    public async Task Should_have_no_journal_when_the_node_is_alone()
    {
        await using var node = await TestNode.StartAsync();
        await node.RestartAsync();
        Assert.False(Directory.Exists(new DataDirectory(node.DataDirectory).GuardsPath));
    }

    [Fact]
    public async Task Should_have_no_journal_when_every_partition_has_one_replica()
    {
        await using var cluster = await ClusterFixture.FormAsync(nodes: 2, replicationFactor: 1);
        await Eventually.HoldsAsync(
            () => cluster["node1"].Node.Partitions.All(partition => partition.Phase is PartitionPhase.Serving or PartitionPhase.Elsewhere), "it serves");
        Assert.False(Directory.Exists(new DataDirectory(cluster["node1"].DataDirectory).GuardsPath));
    }

    [Fact]
    public async Task Should_go_on_with_damaged_replicas_when_the_journal_is_no_database()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        await WhenCompleteAsync(cluster);
        await cluster["node3"].StopAsync();
        var journal = Journal(cluster);
        await File.WriteAllBytesAsync(journal, [.. Enumerable.Repeat((byte)0xA5, 8192)]);

        cluster.Start("node3");
        await Eventually.HoldsAsync(() => cluster["node3"].Node.Partitions.All(partition => partition.Phase is PartitionPhase.Damaged), "its replicas are damaged");
        Assert.True(File.Exists(journal + ".broken"));
        Assert.Contains(cluster["node1"].Node.Partitions, partition => partition.Phase.IsReadable);
        Assert.False(cluster["node3"].Node.Failure.IsCompleted);
    }

    [Fact]
    public async Task Should_refuse_to_start_when_the_journal_cannot_be_opened()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        await WhenCompleteAsync(cluster);
        await cluster["node3"].StopAsync();
        File.Move(Journal(cluster), Journal(cluster) + ".away");
        Directory.CreateDirectory(Journal(cluster));

        cluster.Start("node3");
        Assert.Contains("cannot be opened", await cluster["node3"].WhenFailedAsync(), StringComparison.Ordinal);
        Assert.IsNotType<PartitionPhase.Damaged>(cluster["node3"].Node.Partitions[0].Phase);
    }

    private static string Journal(ClusterFixture cluster) => new DataDirectory(cluster["node3"].DataDirectory).GuardJournalPath;

    private static Task WhenCompleteAsync(ClusterFixture cluster) => Eventually.HoldsAsync(
        () => ((string[])["node1", "node2", "node3"]).All(name => cluster[name].Node.Partitions.All(
            partition => partition.Phase is PartitionPhase.Serving or PartitionPhase.Following && partition.Positions.LastAppliedLsn > Lsn.Zero && partition.Leadership.Leader is not null)),
        "every replica leads or follows");
}
