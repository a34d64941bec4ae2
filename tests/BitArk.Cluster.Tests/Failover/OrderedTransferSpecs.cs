using Akka.Actor;
using BitArk.Cluster.Failover;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using BitArk.Replication.Tests;

namespace BitArk.Cluster.Tests.Failover;

public sealed class OrderedTransferSpecs : CoordinatorKit
{
    private readonly IActorRef _coordinator;

    public OrderedTransferSpecs()
    {
        _coordinator = Start();
        Report(_coordinator, Known.A, Following(4));
        Report(_coordinator, Known.B, Serving(4));
        Report(_coordinator, Known.C, Following(4));
    }

    [Fact]
    public void Should_let_the_leader_hand_over_and_say_how_long_nobody_served()
    {
        Order(Known.C);
        Assert.Equal(new HandOver(Known.Cluster, Known.Partition, new Epoch(4), Known.C), Replicas[Known.B].ExpectMsg<HandOver>());
        NothingWasSent(_coordinator);

        Handed(Known.C);
        Time.Advance(250);
        Report(_coordinator, Known.B, Following(5));
        Report(_coordinator, Known.C, Serving(5));
        Assert.Equal(new TransferLeaderAnswer(Known.Cluster, TransferResult.Done, new Epoch(5), Known.C, Known.Ms(250)), ExpectMsg<TransferLeaderAnswer>());
    }

    [Fact]
    public void Should_say_why_not_at_once_when_it_cannot_be()
    {
        Order(new NodeId("node-x"));
        Assert.Equal((TransferResult.NoReplica, Known.B), Answered());
        Order(Known.B);
        Assert.Equal((TransferResult.Done, Known.B), Answered());
        Report(_coordinator, Known.A, new ReplicaReport(ReplicaStanding.Voteless, new Epoch(4)));
        Order(Known.A);
        Assert.Equal((TransferResult.NotFollowing, Known.B), Answered());
        Order(Known.C);
        Report(_coordinator, Known.A, Following(4));
        Order(Known.A);
        Assert.Equal((TransferResult.Underway, Known.B), Answered());
    }

    [Fact]
    public void Should_answer_that_it_did_not_catch_up_and_leave_the_leader_alone()
    {
        Order(Known.C);
        Replicas[Known.B].ExpectMsg<HandOver>();
        Pass(_coordinator, Timing.HandOverTimeout.TotalMilliseconds - 1);
        Report(_coordinator, Known.A, Following(4));
        Report(_coordinator, Known.B, Serving(4));
        Report(_coordinator, Known.C, Following(4));
        Done(_coordinator);
        Assert.False(HasMessages);
        Pass(_coordinator, 1);
        Assert.Equal((TransferResult.NotCaughtUp, Known.B), Answered());
        while (Replicas[Known.B].HasMessages)
            Replicas[Known.B].ExpectMsg<HandOver>();
        Pass(_coordinator, 500);
        NothingWasSent(_coordinator);
    }

    [Fact]
    public void Should_answer_whoever_asked_last_when_the_same_is_asked_for_again()
    {
        Order(Known.C);
        var second = CreateTestProbe();
        _coordinator.Tell(new TransferLeaderOrder(Known.Cluster, Known.Partition, Known.C), second);
        Replicas[Known.B].ExpectMsg<HandOver>();
        Handed(Known.C);
        Report(_coordinator, Known.C, Serving(5));
        Assert.Equal(TransferResult.Done, second.ExpectMsg<TransferLeaderAnswer>().Result);
    }

    [Fact]
    public void Should_hand_over_what_a_leaving_node_leads_away_from_the_own_node_and_again_if_it_fails()
    {
        Report(_coordinator, Known.B, isLeaving: true, Serving(4));
        Assert.Equal(Known.C, Replicas[Known.B].ExpectMsg<HandOver>().To);

        Contacts.SetReachable(Known.C, false);
        Pass(_coordinator, 1);
        Pass(_coordinator, 1);
        Assert.Equal(Known.A, Replicas[Known.B].FishForMessage<HandOver>(order => order.To != Known.C).To);
    }

    [Fact]
    public void Should_elect_a_leaving_node_only_if_it_alone_has_the_most()
    {
        Report(_coordinator, Known.C, isLeaving: true, Following(4));
        Contacts.SetReachable(Known.B, false);
        Pass(_coordinator, 1);
        var prepare = Replicas[Known.A].ExpectMsg<Prepare>();
        _coordinator.Tell(Promised(prepare, Known.A));
        _coordinator.Tell(Promised(prepare, Known.C));
        Assert.Equal(Known.A, Replicas[Known.A].ExpectMsg<Lead>().Leader);
    }

    private void Order(NodeId to) => _coordinator.Tell(new TransferLeaderOrder(Known.Cluster, Known.Partition, to), TestActor);

    private (TransferResult Result, NodeId? Leader) Answered()
    {
        var answer = ExpectMsg<TransferLeaderAnswer>();
        return (answer.Result, answer.Leader);
    }

    // The leader is ready, all promise, and the wanted one is appointed.
    private void Handed(NodeId to)
    {
        _coordinator.Tell(new HandOverReady(Known.Cluster, Known.Partition, new Epoch(4), Known.B, to));
        var prepares = Known.Three.Members.Select(node => Replicas[node].FishForMessage<Prepare>(_ => true)).ToList();
        _coordinator.Tell(Promised(prepares[0], Known.A));
        _coordinator.Tell(Promised(prepares[0], Known.C));
        Assert.Equal(to, Replicas[to].ExpectMsg<Lead>().Leader);
    }
}
