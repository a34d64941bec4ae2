using BitArk.Cluster.Tests.Support;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Tests.Replication;

/// <summary>Under <c>commit-rule = leader</c> a failover may lose what the leader has acknowledged alone, and says so.</summary>
public sealed class LostTailSpecs() : ReplicaTrio("bitark { commit-rule = leader, replication.require-lease = off }")
{
    [Fact]
    public async Task Should_say_what_a_failover_has_lost_and_end_with_equal_replicas()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync([.. Nodes]);
        var first = Nodes[0];
        Assert.Same(first, Leader);
        var kept = first.Store.Log.WrittenLsn;
        await StopAsync(Nodes[1]);
        await StopAsync(Nodes[2]);

        // On one disk, and acknowledged.
        await first.Partition.CommitAsync(Words.Mark(20, 29));
        var seen = first.Partition.Reads.Position;
        var lost = first.Store.Log.WrittenLsn.BytesSince(kept);
        await StopAsync(first);
        await StartAsync(Nodes[1], Nodes[2]);
        await Eventually.HoldsAsync(() => Leader.Status.Phase is PartitionPhase.Serving, "another one leads");
        await Leader.Partition.CommitAsync(Words.Mark(30, 39));
        Assert.True(Leader.Partition.IsLost(seen));

        await EventFilter.Error(contains: $"a failover has lost {lost} bytes of log, from 0:0x{kept.Value:X}").ExpectOneAsync(TimeSpan.FromSeconds(20), () => StartAsync(first));
        await ServingAsync();
        await CaughtUpAsync([.. Nodes]);

        Assert.Equal(lost, first.Status.Wire.Counts.LostTailBytes);
        Assert.All(Nodes.Skip(1), node => Assert.Equal(0, node.Status.Wire.Counts.LostTailBytes));
        Assert.Single(Nodes.Select(node => node.Store.State.Digest()).Distinct());
        foreach (var node in Nodes)
        {
            Assert.True(node.Partition.IsLost(seen), $"{node.Name}");
            Assert.False(node.Partition.IsLost(node.Partition.Reads.Position));
            Assert.Equal((true, false, true), (await node.Partition.IsReadAsync(9), await node.Partition.IsReadAsync(20), await node.Partition.IsReadAsync(39)));
        }
    }

    // What the others have heard of, and never got.
    [Fact]
    public async Task Should_say_when_it_comes_to_lead_that_the_leader_before_had_committed_more()
    {
        await StartAllAsync();
        await Leader.Partition.CommitAsync(Words.Mark(1, 9));
        await CaughtUpAsync([.. Nodes]);
        var (first, end) = (Nodes[0], new Lsn(Nodes[0].Store.Log.WrittenLsn.Value + 64));
        foreach (var node in Nodes.Skip(1))
            node.Actor.Tell(new Heartbeat(node.Directory.Meta.ClusterId, new PartitionId(0), first.Store.Epoch, 1, first.Name, end, end, Lsn.Zero, TimeSpan.Zero), TestActor);
        await Eventually.HoldsAsync(() => Nodes.Skip(1).All(node => node.Status.HeardCommitLsn == end), "the others have heard of it");

        await EventFilter.Error(contains: "this failover loses at least 64 bytes of log").ExpectOneAsync(TimeSpan.FromSeconds(20), () => StopAsync(first));
    }
}
