using BitArk.Replication.Failover;

namespace BitArk.Replication.Tests.Failover;

public sealed class LeadershipBalanceSpecs
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(30);

    private readonly LeadershipCosts _costs = new(Known.A);
    private readonly LeadershipBalance _balance;
    private readonly List<PartitionFailover> _partitions = [];
    private TimeSpan _now;

    public LeadershipBalanceSpecs() => _balance = new LeadershipBalance(After, _costs);

    [Fact]
    public void Should_move_nothing_before_all_has_been_well_for_long_enough()
    {
        Led(Known.A, Known.A, Known.B);
        Assert.Null(Pass(After - TimeSpan.FromSeconds(1)));
        _partitions[0].OnReport(Known.C, new ReplicaReport(ReplicaStanding.Voteless, new Epoch(4)), _now);
        Assert.Null(Pass(TimeSpan.FromSeconds(2)));
        _partitions[0].OnReport(Known.C, Following, _now);
        Assert.Null(Pass(After));
        Assert.Equal((0, Known.C), Pass(TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Should_move_nothing_when_no_two_nodes_differ_by_two()
    {
        Led(Known.A, Known.A, Known.B, Known.C);
        Assert.Null(Pass(After * 3));
    }

    [Fact]
    public void Should_move_one_after_the_other_until_they_are_spread()
    {
        Led(Known.A, Known.A, Known.A, Known.A, Known.A, Known.A, Known.A);
        var moves = new List<(int Partition, NodeId To)>();
        var limit = After * 3;
        for (var at = TimeSpan.Zero; at < limit; at += LeadershipBalance.Pause)
        {
            if (Pass(LeadershipBalance.Pause) is not { } move)
                continue;
            moves.Add(move);
            // While it lasts, nothing else is moved.
            Assert.Null(Pass(TimeSpan.FromSeconds(3)));
            HandedOver(move.Partition, move.To);
        }

        Assert.Equal([(0, Known.B), (1, Known.C), (2, Known.B), (3, Known.C)], moves);
        Assert.True(_now < limit + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Should_wait_anew_when_a_hand_over_has_failed_and_then_try_another()
    {
        Led(Known.A, Known.A);
        Assert.Equal((0, Known.B), PassUntilMove());
        // The leader never says that it is ready, so the wish is given up.
        Assert.Null(Pass(TimeSpan.FromSeconds(5)));
        Assert.Null(Pass(After - TimeSpan.FromSeconds(6)));
        Assert.Equal((0, Known.C), PassUntilMove());
    }

    [Fact]
    public void Should_leave_alone_what_somebody_chose_and_all_of_them_while_a_node_leaves()
    {
        Led(Known.A, Known.A);
        _balance.LeaveAlone(new PartitionId(0));
        Assert.Equal((1, Known.B), PassUntilMove());

        var other = new LeadershipBalanceSpecs();
        other.Led(Known.A, Known.A);
        other._costs.OnLeaving(Known.C, isLeaving: true);
        Assert.Null(other.Pass(After * 2));
    }

    [Fact]
    public void Should_never_move_anything_when_it_is_off()
    {
        var off = new LeadershipBalance(TimeSpan.Zero, _costs);
        Led(Known.A, Known.A, Known.A);
        _partitions.ForEach(off.Add);
        for (var i = 0; i < 100; i++)
            Assert.Null(off.Next(TimeSpan.FromMinutes(i)));
    }

    private static ReplicaReport Following => new(ReplicaStanding.Following, new Epoch(4));

    private void Led(params NodeId[] leaders)
    {
        var timing = Known.Patience with { SilentAfter = TimeSpan.FromDays(1), HandOverTimeout = TimeSpan.FromSeconds(4) };
        foreach (var leader in leaders)
        {
            var partition = new PartitionFailover(new PartitionId(_partitions.Count), Known.Three, timing, Guid.NewGuid(), _costs.Of, new Random(1), TimeSpan.Zero);
            _partitions.Add(partition);
            _costs.Add(partition);
            _balance.Add(partition);
            Report(partition, leader, 4);
        }
    }

    private void Report(PartitionFailover partition, NodeId leader, long epoch)
    {
        foreach (var node in Known.Three.Members)
            partition.OnReport(node, new ReplicaReport(node == leader ? ReplicaStanding.Leading : ReplicaStanding.Following, new Epoch(epoch), IsServing: node == leader), _now);
        partition.Next(_now);
    }

    // Another coordinator's round, as far as this one is concerned: the wanted one leads.
    private void HandedOver(int partition, NodeId to) => Report(_partitions[partition], to, _partitions[partition].Leader!.Value.Epoch.Value + 1);

    private (int Partition, NodeId To)? PassUntilMove()
    {
        for (var i = 0; i < 100; i++)
        {
            if (Pass(LeadershipBalance.Pause) is { } move)
                return move;
        }

        return null;
    }

    private (int Partition, NodeId To)? Pass(TimeSpan time)
    {
        for (var end = _now + time; _now < end;)
        {
            _now += TimeSpan.FromMilliseconds(500);
            _partitions.ForEach(partition => partition.Next(_now));
            if (_balance.Next(_now) is var (partition, to))
                return (partition.Partition.Value, to);
        }

        return null;
    }
}
