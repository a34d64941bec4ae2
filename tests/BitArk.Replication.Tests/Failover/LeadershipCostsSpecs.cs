using BitArk.Replication.Failover;

namespace BitArk.Replication.Tests.Failover;

public sealed class LeadershipCostsSpecs
{
    private readonly LeadershipCosts _costs = new(Known.A);
    private readonly PartitionFailover _partition;

    public LeadershipCostsSpecs()
    {
        _partition = Partition(0);
        _partition.OnReport(Known.A, Following, TimeSpan.Zero);
        _partition.OnReport(Known.B, new ReplicaReport(ReplicaStanding.Leading, new Epoch(4), IsServing: true), TimeSpan.Zero);
        _partition.OnReport(Known.C, Following, TimeSpan.Zero);
        _partition.Next(TimeSpan.Zero);
    }

    private static ReplicaReport Following => new(ReplicaStanding.Following, new Epoch(4));

    [Fact]
    public void Should_count_leaderships_and_half_of_one_for_coordinating()
    {
        Assert.Equal([1, 2, 0], Known.Three.Members.Select(_costs.Of));
        Partition(1);
        Assert.Equal([1, 2, 0], Known.Three.Members.Select(_costs.Of));
    }

    [Fact]
    public void Should_count_who_is_about_to_lead_and_not_who_is_to_be_replaced()
    {
        _partition.HandOver(Known.C, TimeSpan.Zero);
        Assert.Equal([1, 0, 2], Known.Three.Members.Select(_costs.Of));
    }

    [Fact]
    public void Should_find_the_cheapest_successor_only_for_what_a_leaving_node_leads()
    {
        Assert.Null(_costs.SuccessorIn(_partition, TimeSpan.Zero));
        _costs.OnLeaving(Known.B, isLeaving: true);
        Assert.Equal(Known.C, _costs.SuccessorIn(_partition, TimeSpan.Zero));
        _costs.OnLeaving(Known.C, isLeaving: true);
        Assert.Equal(Known.A, _costs.SuccessorIn(_partition, TimeSpan.Zero));
        _partition.OnReachability(Known.A, isReachable: false);
        Assert.Null(_costs.SuccessorIn(_partition, TimeSpan.Zero));
        _costs.OnLeaving(Known.C, isLeaving: false);
        Assert.Equal(Known.C, _costs.SuccessorIn(_partition, TimeSpan.Zero));
        _partition.HandOver(Known.C, TimeSpan.Zero);
        Assert.Null(_costs.SuccessorIn(_partition, TimeSpan.Zero));
    }

    [Fact]
    public void Should_make_a_leaving_node_dearer_than_any_other()
    {
        _costs.OnLeaving(Known.C, isLeaving: true);
        Assert.True(_costs.Of(Known.C) > _costs.Of(Known.B));
    }

    private PartitionFailover Partition(int id)
    {
        var timing = Known.Patience with { SilentAfter = Known.Ms(60_000) };
        var partition = new PartitionFailover(new PartitionId(id), Known.Three, timing, Guid.NewGuid(), _costs.Of, new Random(1), TimeSpan.Zero);
        _costs.Add(partition);
        return partition;
    }
}
