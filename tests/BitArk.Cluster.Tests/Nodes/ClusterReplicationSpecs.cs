using BitArk.Cluster.Membership;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication;

namespace BitArk.Cluster.Tests.Nodes;

/// <summary>Replication as it is: three nodes, several partitions, over Akka.Remote.</summary>
public sealed class ClusterReplicationSpecs
{
    private static readonly string[] Three = ["node1", "node2", "node3"];

    [Fact]
    public async Task Should_have_every_mark_on_every_node_when_a_follower_was_restarted_in_between()
    {
        await using var cluster = await ServingAsync();
        await WriteAsync(cluster, 1, 40);
        await cluster["node3"].StopAsync();
        await WriteAsync(cluster, 41, 80);

        cluster.Start("node3");
        await EqualAsync(cluster);

        foreach (var name in Three)
        {
            for (var user = 1L; user <= 80; user++)
                Assert.True(await PartitionOf(cluster, name, user).IsReadAsync(9, user), $"{name} misses the mark of user {user}");
        }
    }

    [Fact]
    public async Task Should_lose_nothing_and_serve_again_when_the_leader_was_killed()
    {
        await using var cluster = await ServingAsync();
        await WriteAsync(cluster, 1, 20);
        var leader = LeaderOf(cluster, 0)!;
        var epoch = cluster[leader].Node.Partitions[0].Positions.Epoch;
        await cluster[leader].KillAsync();

        // Another one takes over, without anybody's help.
        await WhenServingAsync(cluster);
        Assert.NotEqual(leader, LeaderOf(cluster, 0));
        await WriteAsync(cluster, 21, 30);

        cluster.Start(leader);
        await cluster[leader].WhenFormedAsync();
        await WriteAsync(cluster, 31, 40);
        await EqualAsync(cluster);

        Assert.True(cluster[LeaderOf(cluster, 0)!].Node.Partitions[0].Positions.Epoch > epoch);
        for (var user = 1L; user <= 40; user++)
            Assert.True(await PartitionOf(cluster, "node2", user).IsReadAsync(9, user));
    }

    [Fact]
    public async Task Should_go_on_with_two_and_catch_the_third_up_when_it_was_cut_off_for_a_while()
    {
        await using var cluster = await ServingAsync("akka.cluster.split-brain-resolver.stable-after = 60s");
        await cluster.CutAsync("node1", "node3");
        await cluster.CutAsync("node2", "node3");
        await WriteAsync(cluster, 1, 30);
        await Eventually.HoldsAsync(
            () => LeaderOf(cluster, 0) is { } leader && cluster[leader].Node.Partitions[0].Replicas.First(view => view.Node.Name == "node3").Status == FollowerStatus.Dead, "node3 counts as dead");

        await cluster.HealAsync("node1", "node3");
        await cluster.HealAsync("node2", "node3");
        await EqualAsync(cluster);

        await Eventually.HoldsAsync(
            () => LedPartitions(cluster).All(partition => partition?.Replicas.All(view => view.Status == FollowerStatus.Alive) == true), "all are alive again");
    }

    [Fact]
    public async Task Should_fill_an_empty_node_when_one_lost_its_disk()
    {
        await using var cluster = await ServingAsync();
        await WriteAsync(cluster, 1, 30);
        await cluster["node3"].StopAsync();
        cluster["node3"].Wipe();
        await WriteAsync(cluster, 31, 60);

        cluster.Start("node3");
        await cluster["node3"].WhenFormedAsync();
        await EqualAsync(cluster);

        for (var user = 1L; user <= 60; user++)
            Assert.True(await PartitionOf(cluster, "node3", user).IsReadAsync(9, user));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_have_no_vote_anywhere_when_it_lost_its_data_directory_or_its_partitions(bool everything)
    {
        await using var cluster = await ServingAsync();
        await WriteAsync(cluster, 1, 10);
        await cluster["node3"].StopAsync();

        // With the leader away nothing catches it up, so what it begins as stays to be seen.
        await cluster["node1"].StopAsync();
        if (everything)
            cluster["node3"].Wipe();
        else
            Directory.Delete(Path.Combine(cluster["node3"].DataDirectory, "partitions"), recursive: true);

        cluster.Start("node3");

        await Eventually.HoldsAsync(() => cluster["node3"].Node.Partitions.All(partition => partition.Phase is PartitionPhase.Learning), "all its replicas are learners");
        Assert.Equal(everything, cluster["node3"].Node.HasJoinedLater);
    }

    private static async Task<ClusterFixture> ServingAsync(string extra = "")
    {
        var cluster = await ClusterFixture.FormAsync(extra: extra);
        await WhenServingAsync(cluster);

        // The resolver counts no member that is only joining: with one killed now, the last to hear that it is up would be given up, too.
        await cluster.WhenUpAsync(Three);
        return cluster;
    }

    private static Task WhenServingAsync(ClusterFixture cluster) => Eventually.HoldsAsync(
        () => LedPartitions(cluster).All(partition => partition is not null), "everything is led");

    // As the nodes see it: one that is cut off may still think that it leads.
    private static string? LeaderOf(ClusterFixture cluster, int partition) => Three
        .Where(name => cluster[name].IsRunning && cluster[name].Node.Partitions[partition] is { Phase: PartitionPhase.Serving, Leadership.IsLocal: true })
        .MaxBy(name => cluster[name].Node.Partitions[partition].Leadership.Epoch);

    private static IEnumerable<IPartition?> LedPartitions(ClusterFixture cluster) => cluster[Three.First(name => cluster[name].IsRunning)].Node.Partitions
        .Select(partition => LeaderOf(cluster, partition.Id.Value) is { } leader ? cluster[leader].Node.Partitions[partition.Id.Value] : null);

    private static async Task WriteAsync(ClusterFixture cluster, long firstUser, long lastUser)
    {
        for (var user = firstUser; user <= lastUser; user++)
            await CommitAsync(cluster, user);
    }

    // Leadership may move at any time; what was not taken is written again.
    private static async Task CommitAsync(ClusterFixture cluster, long user)
    {
        using var deadline = new CancellationTokenSource(ClusterFixture.Patience);
        while (true)
        {
            await WhenServingAsync(cluster);
            var id = PartitionOf(cluster, Three.First(name => cluster[name].IsRunning), user).Id;
            if (LeaderOf(cluster, id.Value) is { } leader && await TryCommitAsync(cluster[leader].Node.Partitions[id.Value], user))
                return;
            Assert.False(deadline.IsCancellationRequested, $"The mark of user {user} was never taken.");
        }
    }

    // A leader that is cut off and does not know it yet would let the caller wait for its majority.
    private static async Task<bool> TryCommitAsync(IPartition partition, long user)
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            return await partition.WriteAsync(Words.Command(Words.Mark(1, 9, user)), soon.Token) is WriteOutcome.Committed;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static IPartition PartitionOf(ClusterFixture cluster, string name, long user)
    {
        var partitions = cluster[name].Node.Partitions;
        return partitions[PartitionId.Of(new UserId(user), partitions.Count).Value];
    }

    private static async Task EqualAsync(ClusterFixture cluster)
    {
        await Eventually.HoldsAsync(() => Three.All(name => cluster[name].Node.Partitions.All(partition => IsLevel(cluster, partition))), "all have applied what the leaders have written");
        foreach (var partition in LedPartitions(cluster).OfType<IPartition>())
        {
            var digests = new List<DigestOutcome>();
            foreach (var name in Three)
                digests.Add(await cluster[name].Node.Partitions[partition.Id.Value].DigestAsync(partition.Positions.LastAppliedLsn, CancellationToken.None));
            Assert.Single(digests.Distinct());
            Assert.IsType<DigestOutcome.Computed>(digests[0]);
        }
    }

    private static bool IsLevel(ClusterFixture cluster, IPartition partition)
    {
        if (LeaderOf(cluster, partition.Id.Value) is not { } name)
            return false;

        var leader = cluster[name].Node.Partitions[partition.Id.Value].Positions;
        var own = partition.Positions;
        return own.LastAppliedLsn == leader.WrittenLsn && own.WrittenLsn == leader.WrittenLsn && partition.Phase.IsReadable;
    }
}
