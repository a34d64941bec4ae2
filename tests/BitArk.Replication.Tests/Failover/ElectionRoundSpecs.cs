using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Failover;

public sealed class ElectionRoundSpecs
{
    private static readonly Guid Proposer = new("f0e1d2c3-b4a5-9687-7869-5a4b3c2d1e0f");

    [Fact]
    public void Should_elect_at_the_first_promise_when_there_is_one_replica() =>
        Assert.Equal(
            new ElectionOutcome.Elected(Known.A, Log(4, 900), TimeSpan.Zero),
            new ElectionRound(new ReplicaSet([Known.A]), Known.Epoch, Proposer, _ => 0).OnPromise(Promise(Known.A, 4, 900)));

    [Theory]
    [InlineData(4, 1000, 4, 999, "node-a")]
    [InlineData(4, 999, 4, 1000, "node-b")]
    [InlineData(4, 64, 3, 5000, "node-a")]
    [InlineData(3, 5000, 4, 64, "node-b")]
    [InlineData(4, 1000, 4, 1000, "node-a")]
    public void Should_elect_whoever_has_the_later_epoch_and_then_the_longer_log(long epochA, long writtenA, long epochB, long writtenB, string elected)
    {
        var round = Round();
        Assert.IsType<ElectionOutcome.Waiting>(round.OnPromise(Promise(Known.A, epochA, writtenA)));
        Assert.Equal([Known.B, Known.C], round.Unanswered);
        Assert.Equal(elected, Assert.IsType<ElectionOutcome.Elected>(Last(round, Promise(Known.B, epochB, writtenB))).Leader.Name);
    }

    [Fact]
    public void Should_ask_the_cost_only_of_equal_logs()
    {
        var round = Round(node => node == Known.A ? 5 : 1);
        round.OnPromise(Promise(Known.A, 4, 900));
        Assert.Equal(Known.C, Assert.IsType<ElectionOutcome.Elected>(Last(round, Promise(Known.C, 4, 900))).Leader);

        var other = Round(node => node == Known.A ? 5 : 1);
        other.OnPromise(Promise(Known.A, 4, 901));
        Assert.Equal(Known.A, Assert.IsType<ElectionOutcome.Elected>(Last(other, Promise(Known.C, 4, 900))).Leader);
    }

    [Fact]
    public void Should_choose_among_all_that_promised_when_it_waits_for_more_than_a_majority()
    {
        var round = Round(node => node == Known.B ? 0 : 1);
        round.OnPromise(Promise(Known.A, 4, 900));
        Assert.False(round.HasMajority);
        Assert.IsType<ElectionOutcome.Waiting>(round.Choose());
        Assert.IsType<ElectionOutcome.Waiting>(round.OnPromise(Promise(Known.C, 4, 900)));
        Assert.True(round.HasMajority);
        Assert.Equal(Known.B, Assert.IsType<ElectionOutcome.Elected>(round.OnPromise(Promise(Known.B, 4, 900))).Leader);
    }

    [Fact]
    public void Should_tell_the_longest_lease_of_those_that_promised()
    {
        var round = Round();
        round.OnPromise(Promise(Known.A, 4, 900, lease: 700));
        Assert.Equal(Known.Ms(700), Assert.IsType<ElectionOutcome.Elected>(Last(round, Promise(Known.B, 4, 900, lease: 200))).Lease);
    }

    [Fact]
    public void Should_not_wait_for_the_lease_of_a_leader_that_promised_too()
    {
        var round = Round();
        round.OnPromise(Promise(Known.A, 4, 900) with { GivenUp = new Epoch(4) });
        round.OnPromise(Promise(Known.B, 4, 900) with { Lease = new RunningLease(Known.Ms(700), new Epoch(4)) });
        var last = round.OnPromise(Promise(Known.C, 4, 900) with { Lease = new RunningLease(Known.Ms(600), new Epoch(3)) });
        Assert.Equal(TimeSpan.Zero, Assert.IsType<ElectionOutcome.Elected>(last).Lease);

        // Somebody has led since then.
        var other = Round();
        other.OnPromise(Promise(Known.A, 4, 900) with { GivenUp = new Epoch(3) });
        Assert.Equal(
            Known.Ms(700),
            Assert.IsType<ElectionOutcome.Elected>(Last(other, Promise(Known.B, 4, 900) with { Lease = new RunningLease(Known.Ms(700), new Epoch(4)) })).Lease);
    }

    [Fact]
    public void Should_elect_once()
    {
        var round = Round();
        round.OnPromise(Promise(Known.A, 4, 900));
        var elected = Last(round, Promise(Known.B, 4, 900));

        Assert.Same(elected, round.OnPromise(Promise(Known.C, 4, 9000)));
        Assert.Same(elected, round.OnRefused(Refused(Known.C, promised: 9)));
    }

    [Fact]
    public void Should_count_a_replica_once_and_strangers_and_other_rounds_never()
    {
        var round = Round();
        round.OnPromise(Promise(Known.B, 4, 900));
        round.OnPromise(Promise(Known.B, 4, 900));
        round.OnPromise(Promise(new NodeId("x"), 4, 900));
        round.OnPromise(Promise(Known.A, 4, 900) with { Epoch = new Epoch(4) });
        round.OnPromise(Promise(Known.A, 4, 900) with { Proposer = Guid.NewGuid() });
        Assert.IsType<ElectionOutcome.Waiting>(round.Outcome);
    }

    [Fact]
    public void Should_give_up_when_somebody_promised_as_much_elsewhere_and_not_because_of_one_without_a_vote()
    {
        var round = Round();
        Assert.IsType<ElectionOutcome.Waiting>(round.OnRefused(Refused(Known.A, promised: 0, isDamaged: true)));
        Assert.IsType<ElectionOutcome.Waiting>(round.OnRefused(Refused(Known.A, promised: 9) with { Proposer = Guid.NewGuid() }));
        Assert.Equal(new ElectionOutcome.Refused(new Epoch(9)), round.OnRefused(Refused(Known.A, promised: 9)));
        Assert.IsType<ElectionOutcome.Refused>(round.OnPromise(Promise(Known.B, 4, 900)));
    }

    internal static Promise Promise(NodeId from, long lastEpoch, long written, double lease = 0, Epoch? epoch = null, Guid? proposer = null) =>
        new(Known.Cluster, Known.Partition, epoch ?? Known.Epoch, proposer ?? Proposer, from, new Epoch(lastEpoch), Known.At(written), new RunningLease(Known.Ms(lease), new Epoch(lastEpoch)), Epoch.None);

    // A majority's, and no more is waited for.
    private static ElectionOutcome Last(ElectionRound round, Promise promise)
    {
        Assert.IsType<ElectionOutcome.Waiting>(round.OnPromise(promise));
        return round.Choose();
    }

    private static LogEnd Log(long epoch, long written) => new(new Epoch(epoch), Known.At(written));

    private static ElectionRound Round(Func<NodeId, int>? cost = null) => new(Known.Three, Known.Epoch, Proposer, cost ?? (_ => 0));

    private static PrepareRefused Refused(NodeId from, long promised, bool isDamaged = false) =>
        new(Known.Cluster, Known.Partition, Known.Epoch, Proposer, from, new Epoch(promised), isDamaged);
}
