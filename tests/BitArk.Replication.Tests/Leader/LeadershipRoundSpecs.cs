using BitArk.Replication.Leader;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Leader;

public sealed class LeadershipRoundSpecs
{
    private static readonly Guid Proposer = new("f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f");
    private static readonly LogEnd Own = new(new Epoch(4), new Lsn(1000));

    [Fact]
    public void Should_have_won_at_once_when_it_is_alone() =>
        Assert.IsType<LeadershipOutcome.Won>(new LeadershipRound(new ReplicaSet([Known.A]), Known.A, Known.Epoch, Proposer, Own).Outcome);

    [Theory]
    [InlineData(4, 1000, true)]
    [InlineData(4, 999, true)]
    [InlineData(3, 5000, true)]
    [InlineData(0, 64, true)]
    [InlineData(4, 1001, false)]
    [InlineData(5, 10, false)]
    public void Should_win_only_when_nobody_of_a_majority_has_more(long lastEpoch, long written, bool wins)
    {
        var round = Round();
        Assert.IsType<LeadershipOutcome.Waiting>(round.Outcome);
        Assert.Equal([Known.B, Known.C], round.Unanswered);

        var outcome = round.OnPromise(Promise(Known.B, lastEpoch, written));

        if (wins)
            Assert.IsType<LeadershipOutcome.Won>(outcome);
        else
            Assert.Equal(new LeadershipOutcome.Outvoted(Known.B, new LogEnd(new Epoch(lastEpoch), Known.At(written))), outcome);
        Assert.Equal([Known.C], round.Unanswered);
    }

    [Fact]
    public void Should_count_a_replica_once_however_often_it_promises()
    {
        var round = new LeadershipRound(new ReplicaSet("abcde".Select(name => new NodeId(name.ToString()))), new NodeId("a"), Known.Epoch, Proposer, Own);
        round.OnPromise(Promise(new NodeId("b"), 4, 900));
        round.OnPromise(Promise(new NodeId("b"), 4, 900));
        Assert.IsType<LeadershipOutcome.Waiting>(round.Outcome);
        Assert.IsType<LeadershipOutcome.Won>(round.OnPromise(Promise(new NodeId("c"), 4, 900)));
    }

    [Fact]
    public void Should_count_no_promise_of_another_round_or_of_a_stranger_or_in_its_own_name()
    {
        var round = Round();
        round.OnPromise(Promise(Known.B, 4, 900) with { Epoch = new Epoch(4) });
        round.OnPromise(Promise(Known.B, 4, 900) with { Proposer = Guid.NewGuid() });
        round.OnPromise(Promise(new NodeId("x"), 4, 900));
        round.OnPromise(Promise(Known.A, 9, 9000));
        Assert.IsType<LeadershipOutcome.Waiting>(round.Outcome);
    }

    [Fact]
    public void Should_give_up_when_somebody_promised_as_much_to_another()
    {
        Assert.Equal(new LeadershipOutcome.Refused(new Epoch(9)), Round().OnRefused(Refused(9)));
        Assert.Equal(new LeadershipOutcome.Refused(Known.Epoch), Round().OnRefused(Refused(Known.Epoch.Value)));
    }

    [Fact]
    public void Should_take_a_damaged_replicas_refusal_for_no_vote()
    {
        var round = Round();
        Assert.IsType<LeadershipOutcome.Waiting>(round.OnRefused(Refused(9) with { IsDamaged = true }));
        Assert.IsType<LeadershipOutcome.Won>(round.OnPromise(Promise(Known.C, 4, 900)));
    }

    [Fact]
    public void Should_take_no_notice_of_refusals_of_another_round()
    {
        var round = Round();
        round.OnRefused(Refused(9) with { Proposer = Guid.NewGuid() });
        round.OnRefused(Refused(9) with { Epoch = new Epoch(4) });
        round.OnRefused(Refused(9) with { From = new NodeId("x") });
        Assert.IsType<LeadershipOutcome.Waiting>(round.Outcome);
    }

    [Fact]
    public void Should_stand_by_what_was_decided_when_late_answers_come()
    {
        var won = Round();
        won.OnPromise(Promise(Known.B, 4, 900));
        Assert.IsType<LeadershipOutcome.Won>(won.OnPromise(Promise(Known.C, 9, 9000)));
        Assert.IsType<LeadershipOutcome.Won>(won.OnRefused(Refused(9)));

        var refused = Round();
        refused.OnRefused(Refused(9));
        Assert.IsType<LeadershipOutcome.Refused>(refused.OnPromise(Promise(Known.C, 4, 900)));
    }

    private static LeadershipRound Round() => new(Known.Three, Known.A, Known.Epoch, Proposer, Own);

    private static Promise Promise(NodeId from, long lastEpoch, long written) =>
        new(Known.Cluster, Known.Partition, Known.Epoch, Proposer, from, new Epoch(lastEpoch), Known.At(written), TimeSpan.Zero);

    private static PrepareRefused Refused(long promised) =>
        new(Known.Cluster, Known.Partition, Known.Epoch, Proposer, Known.B, new Epoch(promised), false);
}
