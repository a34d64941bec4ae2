using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Failover;

public sealed class HandOverSpecs
{
    private static readonly Guid Proposer = Guid.NewGuid();
    private static readonly FailoverTiming Timing = Known.Patience with { SilentAfter = Known.Ms(60_000) };

    private readonly PartitionFailover _partition = new(Known.Partition, Known.Three, Timing, Proposer, _ => 0, new Random(1), TimeSpan.Zero);

    public static TheoryData<string, ReplicaReport, HandOverAnswer> Wishes => new()
    {
        { "node-c", Following(4), HandOverAnswer.Accepted },
        { "node-a", Following(4), HandOverAnswer.LeadsAlready },
        { "node-x", Following(4), HandOverAnswer.NoReplica },
        { "node-c", new ReplicaReport(ReplicaStanding.Voteless, new Epoch(4)), HandOverAnswer.NotFollowing },
        { "node-c", new ReplicaReport(ReplicaStanding.Away, Epoch.None), HandOverAnswer.NotFollowing },
    };

    [Theory]
    [MemberData(nameof(Wishes))]
    public void Should_answer_a_wish_at_once(string to, ReplicaReport reportOfC, HandOverAnswer answer)
    {
        Report(0, (Known.A, Serving(4)), (Known.B, Following(4)), (Known.C, reportOfC));
        Assert.Equal(answer, _partition.HandOver(new NodeId(to), Known.Ms(1)));
        Assert.Equal(answer == HandOverAnswer.Accepted ? Known.C : null, _partition.Wanted);
    }

    [Fact]
    public void Should_take_one_wish_at_a_time_and_none_of_who_is_unreachable_or_never_spoke()
    {
        Report(0, (Known.A, Serving(4)), (Known.B, Following(4)));
        Assert.Equal(HandOverAnswer.NotFollowing, _partition.HandOver(Known.C, Known.Ms(1)));
        _partition.OnReachability(Known.B, isReachable: false);
        Assert.Equal(HandOverAnswer.NotFollowing, _partition.HandOver(Known.B, Known.Ms(1)));
        _partition.OnReachability(Known.B, isReachable: true);
        Assert.Equal(HandOverAnswer.Accepted, _partition.HandOver(Known.B, Known.Ms(1)));
        Report(1, (Known.C, Following(4)));
        Assert.Equal(HandOverAnswer.Underway, _partition.HandOver(Known.C, Known.Ms(1)));
    }

    [Fact]
    public void Should_ask_the_leader_first_and_begin_the_round_when_it_is_ready()
    {
        Wish(Known.C);
        Assert.Equal([new FailoverCommand.AskToHandOver(new Epoch(4), Known.A, Known.C)], _partition.Next(Known.Ms(2)));
        Assert.Empty(_partition.Next(Known.Ms(201)));
        Assert.Equal([new FailoverCommand.AskToHandOver(new Epoch(4), Known.A, Known.C)], _partition.Next(Known.Ms(202)));

        Ready(210);
        Assert.Equal(new Epoch(5), Assert.IsType<FailoverCommand.Propose>(Assert.Single(_partition.Next(Known.Ms(211)))).Epoch);
        Promise(220, Known.A);
        Promise(220, Known.C);
        Assert.Equal(Known.C, Assert.IsType<FailoverCommand.Appoint>(Assert.Single(_partition.Next(Known.Ms(221)))).Leader);
        Assert.False(_partition.TryTake(out _));

        Report(300, (Known.A, Following(5)), (Known.B, Following(5)), (Known.C, Serving(5)));
        Assert.Empty(_partition.Next(Known.Ms(310)));
        // From the word of the old leader to the new one's report.
        Assert.Equal([new FailoverResult.Led(FailoverReason.HandOver, Known.C, new Epoch(5), Known.Ms(100))], Results());
        Assert.Equal((null, FailoverReason.None), (_partition.Wanted, _partition.Reason));
    }

    [Theory]
    [InlineData(5, "node-a", "node-c")]
    [InlineData(4, "node-b", "node-c")]
    [InlineData(4, "node-a", "node-b")]
    public void Should_not_believe_a_word_of_another_epoch_or_leader_or_about_another_replica(long epoch, string from, string to)
    {
        Wish(Known.C);
        _partition.OnHandOverReady(new HandOverReady(Known.Cluster, Known.Partition, new Epoch(epoch), new NodeId(from), new NodeId(to)), Known.Ms(2));
        Assert.IsType<FailoverCommand.AskToHandOver>(Assert.Single(_partition.Next(Known.Ms(3))));
    }

    [Fact]
    public void Should_ask_again_when_the_word_is_older_than_the_leader_keeps_quiet()
    {
        Wish(Known.C);
        Ready(2);
        Assert.IsType<FailoverCommand.Propose>(Assert.Single(_partition.Next(Known.Ms(1001))));

        var later = new PartitionFailover(Known.Partition, Known.Three, Timing, Proposer, _ => 0, new Random(1), TimeSpan.Zero);
        later.OnReport(Known.A, Serving(4), TimeSpan.Zero);
        later.OnReport(Known.C, Following(4), TimeSpan.Zero);
        later.HandOver(Known.C, Known.Ms(1));
        later.OnHandOverReady(ReadyOf(), Known.Ms(2));
        Assert.IsType<FailoverCommand.AskToHandOver>(Assert.Single(later.Next(Known.Ms(1002))));
    }

    [Fact]
    public void Should_give_up_and_leave_the_leader_alone_when_it_does_not_get_ready_in_time()
    {
        Wish(Known.C);
        for (var at = 2; at < 1501; at += 100)
            Assert.All(_partition.Next(Known.Ms(at)), command => Assert.IsType<FailoverCommand.AskToHandOver>(command));
        Assert.Empty(_partition.Next(Known.Ms(1501)));
        Assert.Equal([new FailoverResult.HandOverFailed(Known.C, HandOverFailure.NotCaughtUp)], Results());
        Assert.Empty(_partition.Next(Known.Ms(1702)));
        Assert.Equal((null, FailoverReason.None, Known.A), (_partition.Wanted, _partition.Reason, _partition.BoundTo));
    }

    [Fact]
    public void Should_give_up_at_once_when_the_wanted_one_goes_away()
    {
        Wish(Known.C);
        Assert.Single(_partition.Next(Known.Ms(2)));
        _partition.OnReachability(Known.C, isReachable: false);
        Assert.Empty(_partition.Next(Known.Ms(3)));
        Assert.Equal([new FailoverResult.HandOverFailed(Known.C, HandOverFailure.TargetAway)], Results());
    }

    [Fact]
    public void Should_go_on_with_the_wish_when_the_leader_goes_away_before_it_is_ready()
    {
        Wish(Known.C);
        Assert.Single(_partition.Next(Known.Ms(2)));
        _partition.OnReachability(Known.A, isReachable: false);
        Assert.IsType<FailoverCommand.Propose>(Assert.Single(_partition.Next(Known.Ms(3))));
        Promise(4, Known.B);
        Promise(4, Known.C);
        Assert.Equal(Known.C, Assert.IsType<FailoverCommand.Appoint>(Assert.Single(_partition.Next(Known.Ms(5)))).Leader);
        Report(100, (Known.C, Serving(5)));
        Assert.Empty(_partition.Next(Known.Ms(103)));
        Assert.Equal([new FailoverResult.Led(FailoverReason.LeaderAway, Known.C, new Epoch(5), Known.Ms(100))], Results());
    }

    [Fact]
    public void Should_say_so_when_another_replica_had_more()
    {
        Wish(Known.C);
        Ready(2);
        Assert.Single(_partition.Next(Known.Ms(3)));
        Promise(4, Known.B, written: 901);
        Promise(4, Known.C);
        Assert.Equal(Known.B, Assert.IsType<FailoverCommand.Appoint>(Assert.Single(_partition.Next(Known.Ms(5)))).Leader);
        Report(6, (Known.A, Following(5)), (Known.B, Serving(5)), (Known.C, Following(5)));
        Assert.Empty(_partition.Next(Known.Ms(7)));
        Assert.Equal(
            [new FailoverResult.Led(FailoverReason.HandOver, Known.B, new Epoch(5), Known.Ms(5)), new FailoverResult.HandOverFailed(Known.C, HandOverFailure.AnotherLeads)],
            Results());
        Assert.Equal(FailoverReason.None, _partition.Reason);
    }

    [Fact]
    public void Should_end_when_rounds_fail_until_the_time_is_over()
    {
        Wish(Known.C);
        Ready(2);
        Assert.Single(_partition.Next(Known.Ms(3)));
        _partition.OnRefused(new PrepareRefused(Known.Cluster, Known.Partition, new Epoch(5), Proposer, Known.B, new Epoch(5), IsDamaged: false), Known.Ms(4));
        Assert.Empty(_partition.Next(Known.Ms(5)));
        // The old leader is still there, and its word still holds.
        Assert.Equal(new Epoch(6), Assert.IsType<FailoverCommand.Propose>(Assert.Single(_partition.Next(Known.Ms(150)))).Epoch);
        Assert.Empty(_partition.Next(Known.Ms(1150)));
        Assert.Empty(_partition.Next(Known.Ms(1501)));
        Assert.Equal([new FailoverResult.HandOverFailed(Known.C, HandOverFailure.NotInTime)], Results());
    }

    [Fact]
    public void Should_be_content_when_another_coordinator_made_the_wanted_one_lead()
    {
        Wish(Known.C);
        Report(50, (Known.A, Following(5)), (Known.C, Serving(5)));
        Assert.Empty(_partition.Next(Known.Ms(51)));
        Assert.Equal(new Epoch(5), Assert.IsType<FailoverResult.Led>(Assert.Single(Results())).Epoch);
        Assert.Null(_partition.Wanted);
    }

    [Fact]
    public void Should_replace_a_leader_that_does_not_serve_without_asking_it()
    {
        Report(0, (Known.A, new ReplicaReport(ReplicaStanding.Leading, new Epoch(4))), (Known.B, Following(4)), (Known.C, Following(4)));
        Assert.Empty(_partition.Next(Known.Ms(0)));
        Assert.Equal(HandOverAnswer.Accepted, _partition.HandOver(Known.C, Known.Ms(4900)));
        Assert.IsType<FailoverCommand.AskToHandOver>(Assert.Single(_partition.Next(Known.Ms(4900))));
        Assert.IsType<FailoverCommand.Propose>(Assert.Single(_partition.Next(Known.Ms(5000))));
        Assert.Equal(FailoverReason.LeaderStuck, _partition.Reason);
    }

    [Fact]
    public void Should_name_who_cannot_vote()
    {
        Report(0, (Known.A, Following(4)), (Known.B, new ReplicaReport(ReplicaStanding.Voteless, new Epoch(4))));
        Assert.Equal([Known.B, Known.C], _partition.CannotVote(Known.Ms(1)));
        _partition.OnReachability(Known.A, isReachable: false);
        Assert.Equal([Known.A, Known.B, Known.C], _partition.CannotVote(Known.Ms(1)));
    }

    private static ReplicaReport Following(long promised) => new(ReplicaStanding.Following, new Epoch(promised));

    private static ReplicaReport Serving(long epoch) => new(ReplicaStanding.Leading, new Epoch(epoch), IsServing: true);

    private static HandOverReady ReadyOf() => new(Known.Cluster, Known.Partition, new Epoch(4), Known.A, Known.C);

    private void Wish(NodeId to)
    {
        Report(0, (Known.A, Serving(4)), (Known.B, Following(4)), (Known.C, Following(4)));
        Assert.Equal(HandOverAnswer.Accepted, _partition.HandOver(to, Known.Ms(1)));
    }

    private void Ready(double at) => _partition.OnHandOverReady(ReadyOf(), Known.Ms(at));

    private void Report(double at, params (NodeId Node, ReplicaReport Report)[] reports)
    {
        foreach (var (node, report) in reports)
            _partition.OnReport(node, report, Known.Ms(at));
    }

    private void Promise(double at, NodeId from, long written = 900) =>
        _partition.OnPromise(ElectionRoundSpecs.Promise(from, 4, written, 0, new Epoch(5), Proposer), Known.Ms(at));

    private List<FailoverResult> Results()
    {
        var results = new List<FailoverResult>();
        while (_partition.TryTake(out var result))
            results.Add(result);
        return results;
    }
}
