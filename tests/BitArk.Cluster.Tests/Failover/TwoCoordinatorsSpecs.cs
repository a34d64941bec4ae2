using Akka.Actor;
using BitArk.Cluster.Failover;
using BitArk.Replication.Failover;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Replication.Tests;

namespace BitArk.Cluster.Tests.Failover;

public sealed class TwoCoordinatorsSpecs : CoordinatorKit
{
    [Fact]
    public void Should_come_to_one_leader_and_to_one_per_epoch_when_two_coordinate_at_once()
    {
        IActorRef[] coordinators = [Start(), Start()];
        var led = new List<(NodeId Node, Epoch Epoch)>();
        foreach (var node in Known.Three.Members)
            Contacts.Replicas[node] = Sys.ActorOf(Props.Create(() => new RuledReplica(node, coordinators, Contacts.Reporters[node], led)));

        AwaitAssert(
            () =>
            {
                Time.Advance(50);
                foreach (var replica in Contacts.Replicas.Values)
                    replica.Tell("report");
                foreach (var coordinator in coordinators)
                {
                    coordinator.Tell(FailoverProtocol.Tick.Instance);
                    Done(coordinator);
                }

                // Nobody proposes any more: both have seen the same leader serve for a while.
                lock (led)
                {
                    Assert.NotEmpty(led);
                    Assert.Equal(Contacts.Replicas.Values.Select(replica => replica.Ask<Epoch>("promised", RemainingOrDefault).Result).Max(), led.Max(one => one.Epoch));
                }
            },
            TimeSpan.FromSeconds(20),
            TimeSpan.FromMilliseconds(5));
        lock (led)
            Assert.Equal(led.Count, led.DistinctBy(one => one.Epoch).Count());
    }

    /// <summary>A replica without a log: what it promises and obeys is the product's rules.</summary>
    private sealed class RuledReplica : ReceiveActor
    {
        private readonly NodeId _self;
        private readonly IReadOnlyList<IActorRef> _coordinators;
        private readonly IActorRef _reporter;
        private PromiseState _promised;
        private Epoch _leads;
        private long _sequence;

        public RuledReplica(NodeId self, IReadOnlyList<IActorRef> coordinators, IActorRef reporter, List<(NodeId Node, Epoch Epoch)> led)
        {
            (_self, _coordinators, _reporter) = (self, coordinators, reporter);
            Receive<Prepare>(OnPrepare);
            Receive<Lead>(order =>
            {
                if (!LeadRules.MayLead(_promised, order))
                    return;
                _leads = order.Epoch;
                _promised = new PromiseState(order.Epoch, Guid.Empty, IsDamaged: false);
                lock (led)
                    led.Add((self, order.Epoch));
                Report();
            });
            Receive<string>(what => what == "report", _ => Report());
            Receive<string>(_ => Sender.Tell(_promised.Promised));
        }

        private void OnPrepare(Prepare prepare)
        {
            switch (PromiseRules.OnPrepare(_promised, prepare))
            {
                case PromiseDecision.Refuse refuse:
                    Sender.Tell(new PrepareRefused(prepare.Cluster, prepare.Partition, prepare.Epoch, prepare.Proposer, _self, refuse.Promised, refuse.IsDamaged));
                    return;
                case PromiseDecision.Persist persist:
                    _promised = new PromiseState(persist.Epoch, persist.Proposer, IsDamaged: false);
                    break;
            }

            Sender.Tell(Promised(prepare, _self));
        }

        private void Report()
        {
            var report = _leads == _promised.Promised && _leads > Epoch.None ? Serving(_leads.Value) : Following(_promised.Promised.Value);
            foreach (var coordinator in _coordinators)
                coordinator.Tell(new NodeReport(Known.Cluster, _self, ++_sequence, false, [new PartitionReport(Known.Partition, report)]), _reporter);
        }
    }
}
