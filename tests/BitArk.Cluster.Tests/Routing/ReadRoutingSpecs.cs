namespace BitArk.Cluster.Tests.Routing;

public sealed class ReadRoutingSpecs : IDisposable
{
    private static readonly ReadPosition Seen = new(new Epoch(2), new Lsn(400));

    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(20));

    [Fact]
    public async Task Should_read_at_the_leader_and_cover_what_was_seen_and_answered_when_this_replica_follows()
    {
        var kit = new RoutingKit();
        kit.Lead("node1", 3);
        var reads = kit.Handle.LeaderReads(new CallRoute(Seen: Seen), _deadline.Token);
        Assert.Equal(Seen, reads.Position);

        Assert.True(await ContainsAsync(reads, 7));
        Assert.False(await ContainsAsync(reads, 8));

        Assert.Equal(kit.Peers["node1"].Position, reads.Position);
        Assert.Equal((true, new Epoch(3), Seen), (kit.Peers["node1"].ReadsAsked[0].FromLeader, kit.Peers["node1"].ReadsAsked[0].Route.KnownEpoch, kit.Peers["node1"].ReadsAsked[0].Route.Seen));

        // The second look-up must not see less than the first one.
        Assert.Equal(kit.Peers["node1"].Position, kit.Peers["node1"].ReadsAsked[1].Route.Seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_ask_nobody_else_when_the_read_must_stay(bool fromLeader)
    {
        var kit = new RoutingKit(new PartitionPhase.Rejoining(WasReadable: false));
        kit.Lead("node1", 3);
        var reads = fromLeader ? kit.Handle.LeaderReads(new CallRoute(Stays: true), _deadline.Token) : kit.Handle.ReplicaReads(new CallRoute(Stays: true), _deadline.Token);

        var e = await Assert.ThrowsAsync<ReadRefusedException>(async () => await ContainsAsync(reads, 7));

        Assert.Equal(fromLeader ? new ReadRefusal.NotLeader(new NodeId("node1"), new Epoch(3)) : new ReadRefusal.NoLeader(), e.Refusal);
        Assert.Empty(kit.Peers["node1"].ReadsAsked);
    }

    [Fact]
    public async Task Should_wait_and_follow_hints_when_leadership_moves()
    {
        var kit = new RoutingKit(new PartitionPhase.Electing());
        kit.Peers["node1"].Refusals.Enqueue(new ReadRefusal.NotLeader(new NodeId("node3"), new Epoch(6)));
        var reading = ContainsAsync(kit.Handle.LeaderReads(default, _deadline.Token), 7).AsTask();
        Assert.False(reading.IsCompleted);

        kit.Lead("node1", 5);

        Assert.True(await reading);
        Assert.Single(kit.Peers["node3"].ReadsAsked);
    }

    [Fact]
    public async Task Should_ask_the_next_replica_when_one_cannot_answer()
    {
        var kit = new RoutingKit(new PartitionPhase.Elsewhere());
        kit.Peers["node1"].IsUp = false;
        kit.Peers["node1"].Refusals.Enqueue(new ReadRefusal.StorageFailed());
        kit.Peers["node2"].Refusals.Enqueue(new ReadRefusal.NoLeader());
        kit.Peers["node3"].Refusals.Enqueue(new ReadRefusal.Recovering(0.1));

        Assert.True(await ContainsAsync(kit.Handle.ReplicaReads(default, _deadline.Token), 7));
        Assert.False(kit.Peers["node3"].ReadsAsked[0].FromLeader);
        Assert.Empty(kit.Peers["node2"].ReadsAsked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_answer_a_refusal_that_will_not_pass_as_it_is(bool fromLeader)
    {
        var kit = new RoutingKit(new PartitionPhase.Syncing(0.5));
        kit.Lead("node1", 3);
        foreach (var node in (string[])["node1", "node3"])
            kit.Peers[node].Refusals.Enqueue(new ReadRefusal.TokenLost(Seen, default));
        var reads = fromLeader ? kit.Handle.LeaderReads(default, _deadline.Token) : kit.Handle.ReplicaReads(default, _deadline.Token);

        var e = await Assert.ThrowsAsync<ReadRefusedException>(async () => await ContainsAsync(reads, 7));

        Assert.IsType<ReadRefusal.TokenLost>(e.Refusal);
    }

    [Fact]
    public async Task Should_refuse_for_lack_of_a_leader_when_the_deadline_passes_first()
    {
        var kit = new RoutingKit(new PartitionPhase.Electing());
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        var e = await Assert.ThrowsAsync<ReadRefusedException>(async () => await ContainsAsync(kit.Handle.LeaderReads(default, soon.Token), 7));

        Assert.IsType<ReadRefusal.NoLeader>(e.Refusal);
    }

    public void Dispose() => _deadline.Dispose();

    private static ValueTask<bool> ContainsAsync(IPartitionReads reads, long message) => reads.ContainsAsync(default, new UserId(1), new ChannelId(2), message);
}
