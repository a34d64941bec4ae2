using BitArk.Replication.Failover;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using CsCheck;

namespace BitArk.Replication.Tests.Failover;

public sealed class LeaseSpecs
{
    private static readonly LeaseTerms Second = new(TimeSpan.FromSeconds(1));
    private static readonly ReplicaSet Five = new("abcde".Select(name => new NodeId(name.ToString())));

    [Fact]
    public void Should_hold_from_the_sending_and_less_the_margin()
    {
        var lease = new LeaderLease(Known.Three, Known.A, Known.Epoch, Second);
        Assert.False(lease.IsHeld(TimeSpan.Zero));
        Assert.Null(lease.ConfirmedAt);

        lease.OnEcho(Known.B, Known.Epoch, isLearner: false, Known.Ms(500));

        Assert.Equal(Known.Ms(500), lease.ConfirmedAt);
        Assert.True(lease.IsHeld(Known.Ms(1399)));
        Assert.False(lease.IsHeld(Known.Ms(1400)));
    }

    [Fact]
    public void Should_count_from_the_heartbeat_that_a_majority_has_echoed()
    {
        var lease = new LeaderLease(Five, new NodeId("a"), Known.Epoch, Second);
        lease.OnEcho(new NodeId("b"), Known.Epoch, isLearner: false, Known.Ms(900));
        Assert.Null(lease.ConfirmedAt);
        lease.OnEcho(new NodeId("c"), Known.Epoch, isLearner: false, Known.Ms(300));
        Assert.Equal(Known.Ms(300), lease.ConfirmedAt);
        lease.OnEcho(new NodeId("d"), Known.Epoch, isLearner: false, Known.Ms(500));
        Assert.Equal(Known.Ms(500), lease.ConfirmedAt);
        // An echo that was overtaken takes nothing back.
        lease.OnEcho(new NodeId("d"), Known.Epoch, isLearner: false, Known.Ms(100));
        Assert.Equal(Known.Ms(500), lease.ConfirmedAt);
    }

    [Fact]
    public void Should_count_no_other_epoch_no_learner_no_stranger_and_not_itself_twice()
    {
        var lease = new LeaderLease(Known.Three, Known.A, Known.Epoch, Second);
        lease.OnEcho(Known.B, Known.Epoch.Next(), isLearner: false, Known.Ms(500));
        lease.OnEcho(Known.B, new Epoch(Known.Epoch.Value - 1), isLearner: false, Known.Ms(500));
        lease.OnEcho(Known.B, Known.Epoch, isLearner: true, Known.Ms(500));
        lease.OnEcho(new NodeId("x"), Known.Epoch, isLearner: false, Known.Ms(500));
        lease.OnEcho(Known.A, Known.Epoch, isLearner: false, Known.Ms(500));
        Assert.Null(lease.ConfirmedAt);
    }

    [Fact]
    public void Should_always_be_held_by_a_lone_replica() =>
        Assert.True(new LeaderLease(new ReplicaSet([Known.A]), Known.A, Known.Epoch, Second).IsHeld(TimeSpan.FromDays(1)));

    [Fact]
    public void Should_report_what_was_granted_and_a_full_lease_after_a_start()
    {
        var granted = new GrantedLease(Known.Ms(1000), Known.Ms(50));
        Assert.Equal(new RunningLease(Known.Ms(1000), GrantedLease.ToAnyone), granted.Running(Known.Ms(50)));
        Assert.Equal(RunningLease.None, granted.Running(Known.Ms(1050)));

        granted.Grant(Known.Epoch, Known.Ms(400), Known.Ms(2000));
        Assert.Equal(new RunningLease(Known.Ms(300), Known.Epoch), granted.Running(Known.Ms(2100)));
        // A shorter grant takes nothing back.
        granted.Grant(Known.Epoch, Known.Ms(100), Known.Ms(2100));
        Assert.Equal(new RunningLease(Known.Ms(200), Known.Epoch), granted.Running(Known.Ms(2200)));
        Assert.Equal(RunningLease.None, granted.Running(Known.Ms(2400)));
    }

    [Fact]
    public void Should_tell_the_latest_leader_of_those_whose_leases_run()
    {
        var granted = new GrantedLease(Known.Ms(1000), TimeSpan.Zero);
        // What may have been granted before the start still runs: nobody can give that up.
        granted.Grant(new Epoch(3), Known.Ms(500), Known.Ms(900));
        Assert.Equal(new RunningLease(Known.Ms(450), GrantedLease.ToAnyone), granted.Running(Known.Ms(950)));
        Assert.Equal(new RunningLease(Known.Ms(400), new Epoch(3)), granted.Running(Known.Ms(1000)));

        granted.Grant(new Epoch(4), Known.Ms(500), Known.Ms(2000));
        granted.Grant(new Epoch(5), Known.Ms(100), Known.Ms(2100));
        Assert.Equal(new RunningLease(Known.Ms(300), new Epoch(5)), granted.Running(Known.Ms(2200)));
    }

    [Theory]
    [InlineData(4, 0, 700)]
    [InlineData(4, 3, 700)]
    [InlineData(4, 4, 0)]
    [InlineData(4, 5, 0)]
    [InlineData(long.MaxValue, 5, 700)]
    public void Should_not_be_waited_for_when_its_leader_or_a_later_one_has_given_up(long to, long givenUp, double waits) =>
        Assert.Equal(Known.Ms(waits), new RunningLease(Known.Ms(700), new Epoch(to)).Besides(new Epoch(givenUp)));

    /// <summary>
    /// The one thing leases are for: when a new leader may begin, the old one's lease is over, whatever the delays are and whichever
    /// follower promises, with clocks whose paces differ by less than the margin.
    /// </summary>
    [Fact]
    public void Should_be_over_before_a_new_leader_begins()
    {
        var schedule =
            from sent in Gen.Double[0, 1000].Array[1, 12]
            from delays in Gen.Double[0, 800].Array[12]
            from backs in Gen.Double[0, 800].Array[12]
            from promise in Gen.Double[0, 2500]
            from toLead in Gen.Double[0, 300]
            from paces in Gen.Double[0.96, 1.04].Array[3]
            select (sent: sent.Order().ToArray(), delays, backs, promise, toLead, paces);

        schedule.Sample(run =>
        {
            var terms = new LeaseTerms(Known.Ms(300));
            var lease = new LeaderLease(Known.Three, Known.A, Known.Epoch, terms);
            var granted = new GrantedLease(Known.Ms(300), TimeSpan.Zero);
            // True time in; a machine's clock shows it at its own pace.
            TimeSpan Clock(int machine, double time) => Known.Ms(time * run.paces[machine]);

            foreach (var (at, i) in run.sent.Select((at, i) => (at, i)).OrderBy(heartbeat => heartbeat.at + run.delays[heartbeat.i]))
            {
                var arrives = at + run.delays[i];
                // After its promise the follower echoes nothing of the old epoch any more.
                if (arrives >= run.promise)
                    continue;
                granted.Grant(Known.Epoch, terms.Length, Clock(1, arrives));
                lease.OnEcho(Known.B, Known.Epoch, isLearner: false, Clock(0, at));
            }

            var wait = granted.Running(Clock(1, run.promise)).Remaining;
            var begins = run.promise + run.toLead + (wait.TotalMilliseconds / run.paces[2]);
            Assert.False(lease.IsHeld(Clock(0, begins)), $"held until {lease.HeldUntil}, a new leader begins at {Clock(0, begins)}");
        });
    }

    [Fact]
    public void Should_know_when_the_latest_heartbeats_were_sent()
    {
        var sent = new SentHeartbeats();
        Assert.Null(sent.SentAt(0));
        Assert.Equal(1, sent.Send(Known.Ms(10)));
        Assert.Equal(Known.Ms(10), sent.SentAt(1));
        Assert.Null(sent.SentAt(2));
        for (var i = 2; i <= SentHeartbeats.Kept + 1; i++)
            sent.Send(Known.Ms(i * 10));
        Assert.Null(sent.SentAt(1));
        Assert.Equal(Known.Ms(20), sent.SentAt(2));
        Assert.Null(sent.SentAt(-3));
    }

    [Theory]
    [InlineData(5, true, false, true)]
    [InlineData(4, true, false, false)]
    [InlineData(6, true, false, false)]
    [InlineData(5, false, false, false)]
    [InlineData(5, true, true, false)]
    public void Should_lead_only_what_was_promised_to_that_proposer(long promised, bool sameProposer, bool isDamaged, bool leads)
    {
        var proposer = Guid.NewGuid();
        var order = new Lead(Known.Cluster, Known.Partition, Known.Epoch, proposer, Known.A, TimeSpan.Zero);
        Assert.Equal(leads, LeadRules.MayLead(new PromiseState(new Epoch(promised), sameProposer ? proposer : Guid.NewGuid(), isDamaged), order));
    }

    [Fact]
    public void Should_not_lead_what_was_promised_to_nobody_by_name() =>
        Assert.False(LeadRules.MayLead(
            new PromiseState(Known.Epoch, Guid.Empty, IsDamaged: false),
            new Lead(Known.Cluster, Known.Partition, Known.Epoch, Guid.Empty, Known.A, TimeSpan.Zero)));
}
