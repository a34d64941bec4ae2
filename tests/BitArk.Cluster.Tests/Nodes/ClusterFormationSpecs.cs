using BitArk.Cluster.Creation;
using BitArk.Cluster.Membership;
using BitArk.Cluster.Tests.Creation;
using BitArk.Cluster.Tests.Support;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Tests.Nodes;

public sealed class ClusterFormationSpecs
{
    private static readonly string[] Three = ["node1", "node2", "node3"];

    [Fact]
    public async Task Should_be_one_cluster_with_one_layout_when_three_empty_nodes_meet()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        await cluster.WhenUpAsync(Three);

        var layout = cluster["node1"].Node.Layout!;
        Assert.Equal(Three, layout.Nodes.Select(node => node.Name));
        foreach (var name in Three)
        {
            var node = cluster[name].Node;
            Assert.Equal(layout, node.Layout);
            Assert.Equal(layout.ClusterId, node.ClusterId);
            Assert.False(node.HasJoinedLater);
        }

        cluster["node2"].Node.AnnounceGrpc(4711);
        await cluster["node3"].WhenSeesAsync(nodes => nodes[new("node2")].GrpcAuthority == "127.0.0.1:4711", "node2 told its port");
        var entry = cluster["node3"].Node.Directory.Find(new("node2"))!;
        Assert.Equal(cluster["node2"].Address, entry.Address);
        Assert.NotEqual(Guid.Empty, entry.Incarnation);
        Assert.NotEqual("", entry.Version);
    }

    [Fact]
    public async Task Should_create_nothing_and_say_who_is_missing_when_an_expected_node_is_away()
    {
        await using var cluster = new ClusterFixture();
        cluster.Start("node1");
        cluster.Start("node2");
        foreach (var name in Three[..2])
            await Eventually.HoldsAsync(() => cluster[name].Waits == "waiting for nodes: have node1, node2; want 3", $"{name} says whom it waits for");

        Assert.Equal(default, cluster["node1"].Node.ClusterId);
        Assert.All(Three[..2], name => Assert.Equal(["LOCK"], Directory.GetFileSystemEntries(cluster[name].DataDirectory).Select(Path.GetFileName)));

        cluster.Start("node3");
        await cluster.WhenFormedAsync(Three);
    }

    [Fact]
    public async Task Should_know_the_layout_alone_when_a_node_is_started_again()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        var layout = cluster["node2"].Node.Layout;
        foreach (var name in Three)
            await cluster[name].StopAsync();

        var node = cluster.Start("node2").Node;

        Assert.True(node.WhenFormed.IsCompletedSuccessfully);
        Assert.Equal(layout, node.Layout);
        cluster.Start("node1");
        cluster.Start("node3");
        await cluster.WhenUpAsync(Three);
    }

    [Fact]
    public async Task Should_take_its_place_again_when_a_node_was_killed()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        await cluster.WhenUpAsync(Three);
        var address = cluster["node1"].Address;
        await cluster["node1"].KillAsync();

        cluster.Start("node1");

        await cluster.WhenUpAsync(Three);
        Assert.Equal(address, cluster["node1"].Address);
    }

    [Fact]
    public async Task Should_adopt_the_layout_and_say_that_it_came_later_when_a_node_lost_its_disk()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        var layout = cluster["node3"].Node.Layout;
        await cluster["node2"].WhenSeesAsync(nodes => nodes.TryGetValue(new("node3"), out var entry) && entry.Incarnation != Guid.Empty, "node3 told its incarnation");
        var incarnation = cluster["node2"].Node.Directory.Find(new("node3"))!.Incarnation;
        await cluster["node3"].StopAsync();
        cluster["node3"].Wipe();

        cluster.Start("node3");

        Assert.Equal(layout, await cluster["node3"].WhenFormedAsync());
        Assert.True(cluster["node3"].Node.HasJoinedLater);
        await cluster["node2"].WhenSeesAsync(
            nodes => nodes.TryGetValue(new("node3"), out var entry) && entry.Incarnation != Guid.Empty && entry.Incarnation != incarnation, "node3 is somebody else");
    }

    [Fact]
    public async Task Should_complete_a_creation_when_it_was_interrupted()
    {
        await using var cluster = new ClusterFixture();
        foreach (var name in Three)
        {
            await cluster.Start(name).KillAsync();
            if (name != "node1")
                Propose(cluster[name].DataDirectory);
        }

        foreach (var name in Three)
            cluster.Start(name);

        await cluster.WhenFormedAsync(Three);
        Assert.All(Three, name => Assert.Equal(Layouts.A, cluster[name].Node.ClusterId));
    }

    [Fact]
    public async Task Should_refuse_the_later_one_when_two_nodes_have_one_name()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        var first = Akka.Cluster.Cluster.Get(cluster["node2"].System);
        await Eventually.HoldsAsync(() => first.SelfMember.Status is Akka.Cluster.MemberStatus.Up, "node2 is up before its namesake comes");
        var address = cluster["node2"].Address;

        var reason = await cluster.Start("another", name: "node2").WhenFailedAsync();

        Assert.Contains("another node is named node2", reason, StringComparison.Ordinal);
        Assert.Contains(address.ToString(), reason, StringComparison.Ordinal);
        Assert.False(cluster["node2"].Node.Failure.IsCompleted);
        Assert.Equal(address, cluster["node1"].Node.Directory.Find(new("node2"))!.Address);
    }

    [Fact]
    public async Task Should_refuse_a_node_when_the_layout_does_not_name_it()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        var reason = await cluster.Start("node4").WhenFailedAsync();
        Assert.Contains(cluster["node1"].Node.ClusterId.ToString(), reason, StringComparison.Ordinal);
        Assert.Contains("node1, node2, node3", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_name_both_clusters_when_a_node_of_another_one_comes()
    {
        await using var cluster = await ClusterFixture.FormAsync();
        await using var other = await ClusterFixture.FormAsync(nodes: 2, replicationFactor: 2);
        var (here, there) = (cluster["node1"].Node.ClusterId, other["node2"].Node.ClusterId);
        await other["node2"].StopAsync();

        var reason = await other.Start("node2", through: [cluster["node1"]], extra: "bitark.node-name = node2").WhenFailedAsync();

        Assert.True(reason.Contains("another node is named node2", StringComparison.Ordinal) || (reason.Contains($"{here}", StringComparison.Ordinal) && reason.Contains($"{there}", StringComparison.Ordinal)), reason);
        Assert.All(Three, name => Assert.False(cluster[name].Node.Failure.IsCompleted));
    }

    [Fact]
    public async Task Should_see_each_other_again_when_a_short_cut_heals()
    {
        await using var cluster = await ClusterFixture.FormAsync(extra: "akka.cluster.split-brain-resolver.stable-after = 60s");
        await cluster.WhenUpAsync(Three);
        await cluster.CutAsync("node3", "node1");
        await cluster["node1"].WhenSeesAsync(nodes => nodes[new("node3")].Presence is NodePresence.Unreachable, "node3 is unreachable");
        await cluster.HealAsync("node3", "node1");
        await cluster.WhenUpAsync(Three);
    }

    [Fact]
    public async Task Should_serve_its_own_partitions_when_there_is_one_replica_of_each()
    {
        await using var cluster = await ClusterFixture.FormAsync(nodes: 2, replicationFactor: 1);
        await Eventually.HoldsAsync(() => cluster["node1"].Node.Partitions[0].Phase is PartitionPhase.Serving, "node1 serves partition 0");
        await Eventually.HoldsAsync(() => cluster["node2"].Node.Partitions[0].Phase is PartitionPhase.Elsewhere, "node2 knows that it has no replica of it");
        Assert.Equal(new NodeId("node1"), cluster["node2"].Node.Partitions[0].Leadership.Leader);
    }

    [Fact]
    public async Task Should_refuse_a_directory_when_it_was_made_by_a_node_alone_or_in_a_cluster()
    {
        await using var alone = await TestNode.StartAsync("bitark.partitions = 4");
        await alone.Node.DisposeAsync();
        await using var cluster = new ClusterFixture();
        var error = Assert.Throws<NodeStartException>(() => cluster.Start("node1", extra: $"bitark.data-dir = \"{alone.DataDirectory}\""));
        Assert.Contains("created by a node alone", error.Message, StringComparison.Ordinal);

        Propose(alone.DataDirectory);
        var again = await Assert.ThrowsAsync<NodeStartException>(alone.StartAgainAsync);
        Assert.Contains("bitark.cluster.expected-nodes is 1", again.Message, StringComparison.Ordinal);
    }

    // A marker of a cluster of its own would keep the node out of the one that it was to belong to.
    [Fact]
    public async Task Should_leave_the_directory_as_it_is_when_a_node_alone_is_started_on_one_of_a_cluster()
    {
        await using var alone = await TestNode.StartAsync("bitark.partitions = 4");
        await alone.Node.DisposeAsync();
        Directory.Delete(alone.DataDirectory, recursive: true);
        Directory.CreateDirectory(alone.DataDirectory);
        Propose(alone.DataDirectory);
        var before = Directory.GetFileSystemEntries(alone.DataDirectory);

        await Assert.ThrowsAsync<NodeStartException>(alone.StartAgainAsync);

        Assert.Equal(before, Directory.GetFileSystemEntries(alone.DataDirectory));
    }

    // As the nodes of these specs would propose it.
    private static void Propose(string dataDirectory) => ClusterMetaFile.Write(
        new DataDirectory(dataDirectory),
        new ClusterMeta(new ClusterLayout(Layouts.A, new LayoutTerms(4, 3, 65536, 8, 256 << 10), [.. Three.Select(name => new NodeId(name))]), LayoutStage.Proposed),
        PosixDisk.Instance);
}
