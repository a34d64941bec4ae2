using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Failover;

public sealed class PartitionFailoverSpecs
{
    private static readonly Guid Proposer = Guid.NewGuid();
    private static readonly FailoverTiming Timing = Known.Patience;

    private readonly PartitionFailover _partition = new(Known.Partition, Known.Three, Timing, Proposer, _ => 0, new Random(1), TimeSpan.Zero);

    [Fact]
    public void Should_wait_for_everybody_to_speak_before_it_says_that_nobody_leads()
    {
        Report(0, (Known.A, Following(4)), (Known.B, Following(4)));
        Assert.Empty(_partition.Next(Known.Ms(1)));
        Report(2, (Known.C, Following(4)));

        Assert.Equal([Known.A, Known.B, Known.C], Propose(2, epoch: 5).To);
        Assert.Equal(FailoverReason.NoLeader, _partition.Reason);
    }

    [Fact]
    public void Should_not_wait_for_who_is_unreachable_nor_for_ever()
    {
        Report(0, (Known.A, Following(4)), (Known.B, Following(4)));
        _partition.OnReachability(Known.C, isReachable: false);
        Propose(1, epoch: 5);

        var other = new PartitionFailover(Known.Partition, Known.Three, Timing, Proposer, _ => 0, new Random(1), TimeSpan.Zero);
        other.OnReport(Known.A, Following(4), Known.Ms(1500));
        other.OnReport(Known.B, Following(4), Known.Ms(1500));
        Assert.Empty(other.Next(Known.Ms(1999)));
        Assert.IsType<FailoverCommand.Propose>(Assert.Single(other.Next(Known.Ms(2000))));
    }

    [Fact]
    public void Should_leave_a_leader_that_serves_alone()
    {
        Report(0, (Known.A, Serving(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Assert.Empty(_partition.Next(Known.Ms(1)));
        Assert.Equal((Known.A, new Epoch(4), true), _partition.Leader);
        Report(8000, (Known.A, Serving(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Assert.Empty(_partition.Next(Known.Ms(8001)));
    }

    [Fact]
    public void Should_propose_above_everything_heard_when_the_leader_is_unreachable()
    {
        Report(0, (Known.A, Serving(4)), (Known.B, Following(4)), (Known.C, Following(6)));
        _partition.OnReachability(Known.A, isReachable: false);
        Assert.Equal([Known.A, Known.B, Known.C], Propose(1, epoch: 7).To);
        Assert.Equal(FailoverReason.LeaderAway, _partition.Reason);
    }

    [Fact]
    public void Should_wait_a_moment_for_the_promise_of_the_one_that_suits_best_but_not_for_who_is_away()
    {
        var partition = new PartitionFailover(
            Known.Partition, Known.Three, Timing with { ChooseAfter = Known.Ms(50) }, Proposer, node => node == Known.C ? 0 : 1, new Random(1), TimeSpan.Zero);
        foreach (var node in Known.Three.Members)
            partition.OnReport(node, Following(4), Known.Ms(0));
        Assert.IsType<FailoverCommand.Propose>(Assert.Single(partition.Next(Known.Ms(1))));
        partition.OnPromise(ElectionRoundSpecs.Promise(Known.A, 4, 900, epoch: new Epoch(5), proposer: Proposer), Known.Ms(2));
        partition.OnPromise(ElectionRoundSpecs.Promise(Known.B, 4, 900, epoch: new Epoch(5), proposer: Proposer), Known.Ms(3));
        Assert.Empty(partition.Next(Known.Ms(52)));
        partition.OnReachability(Known.C, isReachable: false);
        Assert.Equal(Known.A, Assert.IsType<FailoverCommand.Appoint>(Assert.Single(partition.Next(Known.Ms(52)))).Leader);
    }

    [Fact]
    public void Should_take_silence_for_absence()
    {
        Report(0, (Known.A, Serving(4)));
        Report(1500, (Known.B, Following(4)), (Known.C, Following(4)));
        Assert.Empty(_partition.Next(Known.Ms(1999)));
        Propose(2000, epoch: 5);
    }

    /// <summary>A disk that needed longer for its promise than one round lasts would have needed longer than any.</summary>
    [Fact]
    public void Should_wait_longer_in_each_round_when_promises_come_too_late()
    {
        List<(Epoch Epoch, int Lasted)> rounds = [];
        for (var now = 0; rounds.Count < 13; now += 10)
        {
            Report(now, (Known.A, Following(4)), (Known.B, Following(4)), (Known.C, Following(4)));
            _partition.Next(Known.Ms(now));
            if (_partition.Underway is not { } epoch)
                continue;
            if (rounds.Count == 0 || rounds[^1].Epoch != epoch)
                rounds.Add((epoch, 0));
            rounds[^1] = (epoch, rounds[^1].Lasted + 10);
        }

        Assert.Equal([1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10_000, 10_000, 10_000], rounds.SkipLast(1).Select(round => round.Lasted));
    }

    [Fact]
    public void Should_not_propose_while_too_few_could_promise()
    {
        Report(0, (Known.A, Following(4)), (Known.B, new ReplicaReport(ReplicaStanding.Voteless, new Epoch(4))), (Known.C, new ReplicaReport(ReplicaStanding.Away, Epoch.None)));
        Assert.Empty(_partition.Next(Known.Ms(1)));
        Assert.Equal(1, _partition.Voters);
        Report(2, (Known.C, Following(4)));
        Propose(3, epoch: 5);
    }

    [Fact]
    public void Should_ask_again_only_those_that_have_not_promised()
    {
        Report(0, (Known.A, Following(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Propose(1, epoch: 5);
        Promise(2, Known.B, 5, 900);
        Assert.Empty(_partition.Next(Known.Ms(3)));
        Assert.Equal([Known.A, Known.C], Propose(201, epoch: 5).To);
    }

    [Fact]
    public void Should_appoint_whoever_has_the_most_and_again_until_it_serves()
    {
        Report(0, (Known.A, Following(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Propose(1, epoch: 5);
        Promise(2, Known.B, 5, 900, lease: 300);
        Promise(2, Known.C, 5, 950);

        var appoint = Assert.IsType<FailoverCommand.Appoint>(Assert.Single(_partition.Next(Known.Ms(3))));
        Assert.Equal(new FailoverCommand.Appoint(new Epoch(5), Known.C, Known.Ms(300)), appoint);
        // A promise that comes late changes nothing: an epoch has one target.
        Promise(4, Known.A, 5, 9000);
        Assert.Equal(appoint, Assert.Single(_partition.Next(Known.Ms(203))));

        Report(300, (Known.A, Following(5)), (Known.B, Following(5)), (Known.C, new ReplicaReport(ReplicaStanding.Leading, new Epoch(5))));
        Assert.Single(_partition.Next(Known.Ms(403)));
        Report(500, (Known.C, Serving(5)));
        Assert.Empty(_partition.Next(Known.Ms(603)));
        Assert.Null(_partition.Underway);
        Assert.Equal(FailoverReason.None, _partition.Reason);
    }

    [Fact]
    public void Should_begin_again_above_a_refusal_after_a_pause()
    {
        Report(0, (Known.A, Following(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Propose(1, epoch: 5);
        _partition.OnRefused(new PrepareRefused(Known.Cluster, Known.Partition, new Epoch(5), Proposer, Known.A, new Epoch(8), IsDamaged: false), Known.Ms(2));
        Assert.Empty(_partition.Next(Known.Ms(3)));
        Propose(103, epoch: 9);
    }

    [Fact]
    public void Should_try_a_higher_epoch_when_promises_or_the_leader_take_too_long()
    {
        Report(0, (Known.A, Following(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Propose(1, epoch: 5);
        Report(990, (Known.A, Following(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Assert.Empty(_partition.Next(Known.Ms(1001)));
        Propose(1101, epoch: 6);
        Promise(1102, Known.A, 6, 900, lease: 500);
        Promise(1102, Known.B, 6, 900);
        Assert.IsType<FailoverCommand.Appoint>(Assert.Single(_partition.Next(Known.Ms(1103))));

        Report(6500, (Known.A, Following(6)), (Known.B, Following(6)), (Known.C, Following(6)));
        Assert.IsType<FailoverCommand.Appoint>(Assert.Single(_partition.Next(Known.Ms(6601))));
        Assert.Empty(_partition.Next(Known.Ms(6603)));
        Propose(7200, epoch: 7);
    }

    [Fact]
    public void Should_give_up_an_appointed_leader_that_went_away_or_was_overtaken()
    {
        Report(0, (Known.A, Following(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Propose(1, epoch: 5);
        Promise(2, Known.A, 5, 950);
        Promise(2, Known.B, 5, 900);
        _partition.OnReachability(Known.A, isReachable: false);
        Assert.Empty(_partition.Next(Known.Ms(3)));
        Propose(103, epoch: 6);
        Promise(104, Known.B, 6, 900);
        Promise(104, Known.C, 6, 900);
        Report(105, (Known.C, Following(7)));
        Assert.Empty(_partition.Next(Known.Ms(106)));
        Propose(500, epoch: 8);
    }

    [Fact]
    public void Should_replace_a_leader_that_does_not_come_to_serve()
    {
        for (var at = 0; at <= 5000; at += 1000)
        {
            Report(at, (Known.A, new ReplicaReport(ReplicaStanding.Leading, new Epoch(4))), (Known.B, Following(4)), (Known.C, Following(4)));
            if (at < 5000)
                Assert.Empty(_partition.Next(Known.Ms(at)));
        }

        Propose(5000, epoch: 5);
        Assert.Equal(FailoverReason.LeaderStuck, _partition.Reason);
    }

    private static ReplicaReport Following(long promised) => new(ReplicaStanding.Following, new Epoch(promised));

    private static ReplicaReport Serving(long epoch) => new(ReplicaStanding.Leading, new Epoch(epoch), IsServing: true);

    private void Report(double at, params (NodeId Node, ReplicaReport Report)[] reports)
    {
        foreach (var (node, report) in reports)
            _partition.OnReport(node, report, Known.Ms(at));
    }

    private void Promise(double at, NodeId from, long lastEpoch, long written, double lease = 0, long? epoch = null) =>
        _partition.OnPromise(ElectionRoundSpecs.Promise(from, lastEpoch, written, lease, new Epoch(epoch ?? lastEpoch), Proposer), Known.Ms(at));

    private FailoverCommand.Propose Propose(double at, long epoch)
    {
        var propose = Assert.IsType<FailoverCommand.Propose>(Assert.Single(_partition.Next(Known.Ms(at))));
        Assert.Equal(new Epoch(epoch), propose.Epoch);
        return propose;
    }
}
