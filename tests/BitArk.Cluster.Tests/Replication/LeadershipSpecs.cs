using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Tests.Support;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>Leadership that moves, and what a leader may still answer.</summary>
public sealed class LeadershipSpecs : ReplicaTrio
{
    private ClusterId Cluster => Nodes[0].Directory.Meta.ClusterId;

    [Fact]
    public async Task Should_go_on_with_every_mark_at_another_node_when_the_leader_ends()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        var before = Leader.Store.Epoch;
        await StopAsync(Nodes[0]);

        await Eventually.HoldsAsync(() => Leader != Nodes[0], "another one leads");
        Assert.True(Leader.Store.Epoch > before);
        Assert.True(await Leader.Partition.IsReadAsync(9));
        await Leader.Partition.CommitAsync(Words.Mark(10, 10));

        await StartAsync(Nodes[0]);
        await CaughtUpAsync(Nodes[0], Nodes[1], Nodes[2]);
        Assert.Single(Nodes.Select(node => node.Store.State.Digest()).Distinct());
    }

    // It hears of nothing, as if stopped: what it appends meanwhile is not committed, and cut when it comes back.
    [Fact]
    public async Task Should_cut_what_was_not_committed_when_a_leader_was_cut_off()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 1));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        var first = Nodes[0];
        Door = (from, to, message) => from == first.Name || to == first.Name ? null : message;
        // Its replicators talk to the followers' actors directly: they end with the next promise.
        var lost = first.Partition.WriteAsync(Words.Command(Words.Mark(5, 5)), CancellationToken.None).AsTask();
        Nodes[1].Actor.Tell(new Prepare(Cluster, new PartitionId(0), new Epoch(50), Guid.NewGuid(), Nodes[1].Name), TestActor);
        Nodes[2].Actor.Tell(new Prepare(Cluster, new PartitionId(0), new Epoch(50), Guid.NewGuid(), Nodes[1].Name), TestActor);
        await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        var late = first.Partition.WriteAsync(Words.Command(Words.Mark(6, 6)), CancellationToken.None).AsTask();

        Door = (_, _, message) => message;
        await ServingAsync();
        await CaughtUpAsync(Nodes[0], Nodes[1], Nodes[2]);
        var (early, outcome) = (await lost.WaitAsync(TimeSpan.FromSeconds(20)), await late.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.True(early is WriteOutcome.Committed or WriteOutcome.OutcomeUnknown or WriteOutcome.NoLeader, $"{early}");
        Assert.True(outcome is WriteOutcome.OutcomeUnknown or WriteOutcome.NoLeader, $"{outcome}");
        Assert.Single(Nodes.Select(node => node.Store.State.Digest()).Distinct());
    }

    [Fact]
    public async Task Should_lead_once_and_only_by_order_of_the_proposer_it_promised()
    {
        await StartAllAsync();
        var (third, epoch, proposer) = (Nodes[2], new Epoch(70), Guid.NewGuid());
        Door = (from, _, message) => from.Name == "coordinator" ? null : message;
        foreach (var node in Nodes)
        {
            node.Actor.Tell(new Prepare(Cluster, new PartitionId(0), epoch, proposer, third.Name), TestActor);
            await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        }

        third.Actor.Tell(Order(epoch, Guid.NewGuid(), third.Name));
        third.Actor.Tell(Order(epoch.Next(), proposer, third.Name));
        third.Actor.Tell(Order(epoch, proposer, Nodes[1].Name));
        await third.Actor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));
        Assert.IsType<PartitionPhase.Following>(third.Status.Phase);

        third.Actor.Tell(Order(epoch, proposer, third.Name));
        third.Actor.Tell(Order(epoch, proposer, third.Name));
        await Eventually.HoldsAsync(() => third.Status.Phase is PartitionPhase.Serving, "it leads");
        Assert.Equal(epoch, third.Store.Epoch);

        // A restart within the epoch: the promise is spent.
        await StopAsync(third);
        await StartAsync(third);
        await Eventually.HoldsAsync(() => third.Status.Phase is PartitionPhase.Following, "it is there again");
        third.Actor.Tell(Order(epoch, proposer, third.Name));
        await third.Actor.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10));
        Assert.IsType<PartitionPhase.Following>(third.Status.Phase);
        Assert.Equal(Guid.Empty, third.Store.Promised.Proposer);
    }

    [Fact]
    public async Task Should_not_lead_before_the_leases_that_promises_told_of_are_over()
    {
        await StartAllAsync();
        var (third, epoch, proposer) = (Nodes[2], new Epoch(70), Guid.NewGuid());
        Door = (from, _, message) => from.Name == "coordinator" ? null : message;
        var longest = TimeSpan.Zero;
        foreach (var node in Nodes)
        {
            node.Actor.Tell(new Prepare(Cluster, new PartitionId(0), epoch, proposer, third.Name), TestActor);
            var promise = await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
            longest = promise.Lease.Remaining > longest ? promise.Lease.Remaining : longest;
        }

        // Heartbeats were echoed a moment ago.
        Assert.InRange(longest, TimeSpan.FromTicks(1), TimeSpan.FromMilliseconds(1200));
        third.Actor.Tell(new Lead(Cluster, new PartitionId(0), epoch, proposer, third.Name, TimeSpan.FromMinutes(1)));
        await Eventually.HoldsAsync(() => third.Store.Epoch == epoch, "its promise is spent");
        Assert.IsType<PartitionPhase.Electing>(third.Status.Phase);

        // A later promise ends the waiting.
        third.Actor.Tell(new Prepare(Cluster, new PartitionId(0), epoch.Next(), proposer, third.Name), TestActor);
        await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        Assert.IsType<PartitionPhase.Following>(third.Status.Phase);
    }

    // So nobody waits for a lease whose holder is among those that promise.
    [Fact]
    public async Task Should_give_up_its_lease_with_its_promise()
    {
        await StartAllAsync();
        Door = (from, _, message) => from.Name == "coordinator" ? null : message;
        var (led, epoch, proposer) = (Nodes[0].Store.Epoch, new Epoch(70), Guid.NewGuid());
        var promises = new List<Promise>();
        foreach (var node in Nodes)
        {
            node.Actor.Tell(new Prepare(Cluster, new PartitionId(0), epoch, proposer, Nodes[1].Name), TestActor);
            promises.Add(await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10)));
        }

        Assert.Equal([led, Epoch.None, Epoch.None], promises.Select(promise => promise.GivenUp));
        Assert.All(promises.Skip(1), promise => Assert.Contains(promise.Lease.To, new[] { led, GrantedLease.ToAnyone }));

        // A repeated promise tells it again: the first answer may be lost.
        Nodes[0].Actor.Tell(new Prepare(Cluster, new PartitionId(0), epoch, proposer, Nodes[1].Name), TestActor);
        Assert.Equal(led, (await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10))).GivenUp);
    }

    [Fact]
    public async Task Should_answer_reads_of_the_leader_only_while_it_surely_leads()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(7, 7));
        var first = Nodes[0];
        Assert.True(await IsReadByLeaderAsync(first));

        // Its own promise ends it, before anybody else can lead.
        var reads = first.Partition.LeaderReads(new CallRoute(Stays: true), CancellationToken.None);
        Door = (from, _, message) => from.Name == "coordinator" ? null : message;
        first.Actor.Tell(new Prepare(Cluster, new PartitionId(0), new Epoch(70), Guid.NewGuid(), Nodes[1].Name), TestActor);
        await ExpectMsgAsync<Promise>(TimeSpan.FromSeconds(10));
        var refused = await Assert.ThrowsAsync<ReadRefusedException>(async () => await reads.ContainsAsync(default, new UserId(1), new ChannelId(2), 7));
        Assert.IsType<ReadRefusal.NoLeader>(refused.Refusal);
    }

    [Fact]
    public async Task Should_rest_until_the_next_leader_has_everything_and_lead_on_when_nobody_takes_over()
    {
        await StartAllAsync();
        var first = Nodes[0];
        Door = (from, _, message) => from.Name == "coordinator" ? null : message;
        await first.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
        var disk = Nodes[1].Disk.HoldSegmentSyncs();
        await first.Partition.CommitAsync(Words.Mark(10, 10));

        // The order is repeated, as the coordinator does it; another epoch's means nothing.
        first.Actor.Tell(new HandOver(Cluster, new PartitionId(0), first.Store.Epoch.Next(), Nodes[1].Name), TestActor);
        first.Actor.Tell(new HandOver(Cluster, new PartitionId(0), first.Store.Epoch, Nodes[1].Name), TestActor);
        await Eventually.HoldsAsync(() => first.Status.Phase is PartitionPhase.Electing, "it takes no writes");
        Assert.IsType<WriteOutcome.NoLeader>(await first.Partition.WriteAsync(Words.Mark(11, 11)));
        Assert.False(HasMessages);

        disk.Open();
        var ready = await ExpectMsgAsync<HandOverReady>(TimeSpan.FromSeconds(10));
        Assert.Equal((first.Store.Epoch, first.Name, Nodes[1].Name), (ready.Epoch, ready.From, ready.To));
        Assert.Equal(first.Store.Log.WrittenLsn, Nodes[1].Store.Log.WrittenLsn);
        await Eventually.HoldsAsync(() => first.Status.Phase is PartitionPhase.Serving, "it leads on");
        await first.Partition.CommitAsync(Words.Mark(11, 11));
        await CaughtUpAsync(Nodes[1], Nodes[2]);
    }

    private static async Task<bool> IsReadByLeaderAsync(TrioNode node) =>
        await node.Partition.LeaderReads(new CallRoute(Stays: true), CancellationToken.None).ContainsAsync(default, new UserId(1), new ChannelId(2), 7);

    private Lead Order(Epoch epoch, Guid proposer, NodeId leader) => new(Cluster, new PartitionId(0), epoch, proposer, leader, TimeSpan.Zero);
}
