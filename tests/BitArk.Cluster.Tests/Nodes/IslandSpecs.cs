using BitArk.Cluster.Tests.Support;

namespace BitArk.Cluster.Tests.Nodes;

/// <summary>Clusters of ActorSystems that begin without their first seed, and apart.</summary>
public sealed class IslandSpecs
{
    private const string Soon = "bitark.cluster.form-after = 1s";
    private static readonly string[] Three = ["node1", "node2", "node3"];

    [Fact]
    public async Task Should_be_a_cluster_again_when_all_were_lost_and_the_first_seed_never_returns()
    {
        await using var cluster = new ClusterFixture(extra: Soon);
        var seeds = await FormAsync(cluster);
        var layout = cluster["node2"].Node.Layout;
        foreach (var name in Three)
            await cluster[name].KillAsync();

        cluster.Start("node3", through: seeds);
        cluster.Start("node2", through: seeds);

        await cluster.WhenUpAsync("node2", "node3");
        Assert.Equal(layout, cluster["node3"].Node.Layout);
        await cluster["node3"].Node.WhenServingAsync().WaitAsync(ClusterFixture.Patience);

        cluster.Start("node1", through: seeds);
        await cluster.WhenUpAsync(Three);
    }

    [Fact]
    public async Task Should_join_the_larger_cluster_when_two_that_began_apart_meet()
    {
        await using var cluster = new ClusterFixture(extra: Soon);
        var seeds = await FormAsync(cluster);
        foreach (var name in Three)
            await cluster[name].KillAsync();

        // It looks for the others, in vain, and begins alone; they do not look for it.
        cluster.Start("node1", through: seeds);
        await cluster["node1"].WhenSeesAsync(nodes => nodes.Count == 1, "it is alone");
        await Eventually.HoldsAsync(() => Akka.Cluster.Cluster.Get(cluster["node1"].System).SelfMember.Status is Akka.Cluster.MemberStatus.Up, "it has begun");
        cluster.Start("node2", through: [seeds[1]]);
        cluster.Start("node3", through: [seeds[1]]);

        await cluster.WhenUpAsync(Three);

        AssertOnlyTheFirstBeganAnew(cluster);
        Assert.All(Three, name => Assert.False(cluster[name].Node.Failure.IsCompleted));
    }

    [Fact]
    public async Task Should_come_back_from_a_cluster_of_its_own_when_the_first_seed_was_cut_off()
    {
        await using var cluster = new ClusterFixture(extra: Soon);
        await FormAsync(cluster);
        await cluster.WhenUpAsync(Three);
        await cluster.CutAsync("node1", "node2");
        await cluster.CutAsync("node1", "node3");
        await Eventually.HoldsAsync(() => cluster["node1"].Node.Rebuilds == 1, "node1 was downed", ClusterFixture.Patience);
        await cluster["node1"].WhenSeesAsync(nodes => nodes.Count == 1, "it is alone");
        await Eventually.HoldsAsync(() => Akka.Cluster.Cluster.Get(cluster["node1"].System).SelfMember.Status is Akka.Cluster.MemberStatus.Up, "it has begun");

        await cluster.HealAsync("node1", "node2");
        await cluster.HealAsync("node1", "node3");

        await cluster.WhenUpAsync(Three);
        AssertOnlyTheFirstBeganAnew(cluster);
    }

    // A node that stood still may give the others up one by one, each time as one of a majority that it sees, while they give it up: then both
    // ends have quarantined each other, and no question of one reaches the other.
    [Fact]
    public async Task Should_come_back_when_it_and_the_others_have_given_each_other_up()
    {
        await using var cluster = new ClusterFixture(extra: Soon);
        await FormAsync(cluster);
        await cluster.WhenUpAsync(Three);
        var addresses = Three.ToDictionary(name => name, name => Akka.Cluster.Cluster.Get(cluster[name].System).SelfAddress);
        await cluster.CutAsync("node1", "node2");
        await cluster.CutAsync("node1", "node3");
        foreach (var other in new[] { "node2", "node3" })
        {
            Akka.Cluster.Cluster.Get(cluster["node1"].System).Down(addresses[other]);
            Akka.Cluster.Cluster.Get(cluster[other].System).Down(addresses["node1"]);
        }

        await cluster["node1"].WhenSeesAsync(nodes => nodes.Count == 1, "it is alone");
        await cluster["node2"].WhenSeesAsync(nodes => nodes.Count == 2, "it has given node1 up");
        await cluster.HealAsync("node1", "node2");
        await cluster.HealAsync("node1", "node3");

        await cluster.WhenUpAsync(Three);
        AssertTheOthersGaveNoWay(cluster);
    }

    // Akka may go on sending to the ActorSystem that was there before: what the next one asks is answered, and the answers never arrive.
    [Fact]
    public async Task Should_begin_anew_when_nobody_answers_and_join_when_somebody_does()
    {
        await using var cluster = new ClusterFixture(extra: Soon);
        var seeds = await FormAsync(cluster);
        foreach (var name in Three)
            await cluster[name].KillAsync();

        cluster.Start("node1", through: seeds);
        await Eventually.HoldsAsync(() => cluster["node1"].Node.Rebuilds >= 1, "it takes itself for deaf", ClusterFixture.Patience);
        Assert.Contains(cluster["node1"].Warnings, line => line.Contains("it is deaf", StringComparison.Ordinal));
        cluster.Start("node2", through: seeds);
        cluster.Start("node3", through: seeds);

        await cluster.WhenUpAsync(Three);
        Assert.All(Three, name => Assert.False(cluster[name].Node.Failure.IsCompleted));
    }

    private static void AssertOnlyTheFirstBeganAnew(ClusterFixture cluster)
    {
        Assert.InRange(cluster["node1"].Node.Rebuilds, 1, int.MaxValue);
        AssertTheOthersGaveNoWay(cluster);
    }

    // Not that they never began anew: where the machine holds them up, the resolver may give up all three, who then meet again.
    private static void AssertTheOthersGaveNoWay(ClusterFixture cluster) =>
        Assert.DoesNotContain(cluster["node2"].Warnings.Concat(cluster["node3"].Warnings), line => line.Contains("it leaves", StringComparison.OrdinalIgnoreCase));

    private static async Task<IReadOnlyList<ClusterNode>> FormAsync(ClusterFixture cluster)
    {
        var seeds = cluster.Reserve(Three);
        foreach (var name in Three)
            cluster.Start(name, through: seeds);

        await cluster.WhenFormedAsync(Three);
        return seeds;
    }
}
