using Akka.Actor;
using BitArk.Cluster.Failover;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using BitArk.Replication.Tests;

namespace BitArk.Cluster.Tests.Failover;

public sealed class FailoverCoordinatorSpecs : CoordinatorKit
{
    [Fact]
    public void Should_say_hello_to_every_node_and_give_a_leader_to_a_partition_that_has_none()
    {
        var coordinator = Start();
        var proposer = Reporters[Known.B].ExpectMsg<CoordinatorHello>().Proposer;
        Assert.Equal(new CoordinatorHello(Known.Cluster, proposer, Known.A, 1), Reporters[Known.C].ExpectMsg<CoordinatorHello>());
        coordinator.Tell(FailoverProtocol.Greet.Instance);
        Assert.Equal(2, Reporters[Known.C].ExpectMsg<CoordinatorHello>().Sequence);

        var counted = FailoverCounters.Of(FailoverReason.NoLeader);
        var prepare = ProposedAfterReports(coordinator, 4);
        Assert.Equal(new Prepare(Known.Cluster, Known.Partition, new Epoch(5), proposer, Known.A), prepare);
        coordinator.Tell(Promised(prepare, Known.A, written: 800, lease: 300));
        coordinator.Tell(Promised(prepare, Known.C, written: 900));

        Assert.Equal(new Lead(Known.Cluster, Known.Partition, new Epoch(5), proposer, Known.C, Known.Ms(300)), Replicas[Known.C].ExpectMsg<Lead>());
        Report(coordinator, Known.C, Serving(5));
        Pass(coordinator, 1000);
        NothingWasSent(coordinator);
        Assert.Equal(counted + 1, FailoverCounters.Of(FailoverReason.NoLeader));
    }

    [Fact]
    public void Should_replace_a_leader_that_is_unreachable_and_leave_one_alone_that_is_not()
    {
        var coordinator = Start();
        Report(coordinator, Known.B, Serving(4));
        Report(coordinator, Known.A, Following(4));
        Report(coordinator, Known.C, Following(4));
        Pass(coordinator, 100);
        NothingWasSent(coordinator);

        Contacts.SetReachable(Known.B, false);
        Pass(coordinator, 1);
        Assert.Equal(new Epoch(5), Replicas[Known.C].ExpectMsg<Prepare>().Epoch);
        // Right or wrong: if it lives, it hears of it too.
        Assert.Equal(new Epoch(5), Replicas[Known.B].ExpectMsg<Prepare>().Epoch);
    }

    [Fact]
    public void Should_propose_above_a_refusal_and_again_to_whoever_has_not_answered()
    {
        var coordinator = Start();
        var prepare = ProposedAfterReports(coordinator, 4);
        coordinator.Tell(new PrepareRefused(Known.Cluster, Known.Partition, prepare.Epoch, prepare.Proposer, Known.B, new Epoch(8), IsDamaged: false));
        Pass(coordinator, Timing.RetryFirst.TotalMilliseconds * 2);
        prepare = Replicas[Known.A].ExpectMsg<Prepare>();
        Assert.Equal(new Epoch(9), prepare.Epoch);
        Replicas[Known.C].ExpectMsg<Prepare>();

        coordinator.Tell(Promised(prepare, Known.A));
        Pass(coordinator, Timing.RepeatAfter.TotalMilliseconds);
        Assert.Equal(prepare, Replicas[Known.C].ExpectMsg<Prepare>());
        Done(coordinator);
        Assert.False(Replicas[Known.A].HasMessages);
    }

    [Fact]
    public void Should_propose_nothing_and_say_what_it_waits_for_while_too_few_could_promise()
    {
        var coordinator = Start();
        Contacts.SetReachable(Known.B, false);
        EventFilter.Warning(contains: "1 of its 3 replicas can vote, 2 are needed. Away, silent or without a vote: node-b, node-c").ExpectOne(() =>
        {
            Report(coordinator, Known.A, Following(4));
            Report(coordinator, Known.C, new ReplicaReport(ReplicaStanding.Voteless, new Epoch(4)));
            Pass(coordinator, 1);
            Time.Advance(1990);
            Report(coordinator, Known.A, Following(4));
            Report(coordinator, Known.C, new ReplicaReport(ReplicaStanding.Voteless, new Epoch(4)));
            Pass(coordinator, 20);
            Pass(coordinator, 1000);
        });
        NothingWasSent(coordinator);

        Report(coordinator, Known.A, Following(4));
        Report(coordinator, Known.C, Following(4));
        Replicas[Known.C].ExpectMsg<Prepare>();
    }

    [Fact]
    public void Should_begin_above_what_was_promised_when_it_is_restarted_in_the_middle_of_a_round()
    {
        var first = Start();
        var prepare = ProposedAfterReports(first, 4);
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);

        var second = Start();
        var again = ProposedAfterReports(second, 5);
        Assert.Equal(new Epoch(6), again.Epoch);
        Assert.NotEqual(prepare.Proposer, again.Proposer);

        // What was said to the one before is not for this one.
        second.Tell(Promised(prepare, Known.A));
        second.Tell(Promised(prepare, Known.B));
        NothingWasSent(second);
        second.Tell(Promised(again, Known.A));
        second.Tell(Promised(again, Known.B));
        Assert.Equal(new Epoch(6), Replicas[Known.B].ExpectMsg<Lead>().Epoch);
    }

    [Fact]
    public void Should_believe_no_report_of_another_cluster_or_sender_nor_an_overtaken_one()
    {
        var coordinator = Start();
        Report(coordinator, Known.A, Following(4));
        Report(coordinator, Known.B, Following(4));
        var leading = new NodeReport(Known.Cluster, Known.C, 0, false, [new PartitionReport(Known.Partition, Serving(9))]);
        coordinator.Tell(leading with { Cluster = new ClusterId(Guid.NewGuid()) }, Reporters[Known.C]);
        coordinator.Tell(leading, Reporters[Known.B]);
        Report(coordinator, Known.C, Following(4));
        Replicas[Known.C].ExpectMsg<Prepare>();
        coordinator.Tell(leading, Reporters[Known.C]);
        Assert.Equal(new Epoch(5), Replicas[Known.A].ExpectMsg<Prepare>().Epoch);
        Pass(coordinator, Timing.RepeatAfter.TotalMilliseconds);
        Assert.Equal(new Epoch(5), Replicas[Known.A].ExpectMsg<Prepare>().Epoch);

        // Another start of that node's reporter counts anew.
        Contacts.Reporters[Known.C] = Reporters[Known.C] = CreateTestProbe();
        coordinator.Tell(leading with { Sequence = 1 }, Reporters[Known.C]);
        Pass(coordinator, Timing.RepeatAfter.TotalMilliseconds);
        Done(coordinator);
        Assert.False(Replicas[Known.A].HasMessages);
    }

    [Fact]
    public void Should_spread_leaders_evenly_when_all_partitions_get_one_at_once()
    {
        var coordinator = Start(partitions: 6);
        foreach (var node in Known.Three.Members)
            Report(coordinator, node, [.. Enumerable.Repeat(Following(4), 6)]);
        var prepares = Enumerable.Range(0, 6).Select(_ => Replicas[Known.A].ExpectMsg<Prepare>()).ToArray();
        foreach (var node in Known.Three.Members)
        {
            if (node != Known.A)
                Enumerable.Range(0, 6).ToList().ForEach(_ => Replicas[node].ExpectMsg<Prepare>());
        }

        // A majority of any two answers.
        for (var i = 0; i < 6; i++)
        {
            foreach (var node in Known.Three.Members.Where((_, at) => at != i % 3))
                coordinator.Tell(Promised(prepares[i], node));
        }

        foreach (var node in Known.Three.Members)
        {
            Replicas[node].ExpectMsg<Lead>();
            Replicas[node].ExpectMsg<Lead>();
        }

        NothingWasSent(coordinator);
    }

    private Prepare ProposedAfterReports(IActorRef coordinator, long promised)
    {
        foreach (var node in Known.Three.Members)
            Report(coordinator, node, Following(promised));
        var prepares = Known.Three.Members.Select(node => Replicas[node].FishForMessage<Prepare>(prepare => prepare.Epoch.Value > promised)).ToList();
        Assert.Single(prepares.Distinct());
        return prepares[0];
    }
}
