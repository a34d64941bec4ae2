using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Failover;
using BitArk.Replication;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using BitArk.Replication.Tests;

namespace BitArk.Cluster.Tests.Failover;

/// <summary>A coordinator on node A with three nodes that the test plays. Its clock stands still, and it looks at it only when told.</summary>
public abstract class CoordinatorKit : TestKit
{
    // Nobody is waited for once a majority has promised: the clock stands still here.
    private protected static readonly FailoverTiming Timing = CoordinatorTiming.Fast.Failover with { ChooseAfter = TimeSpan.Zero };

    private readonly Dictionary<NodeId, long> _reports = [];

    private protected CoordinatorKit()
        : base(SettingsLoader.Defaults().Hocon)
    {
        foreach (var node in Known.Three.Members)
        {
            (Reporters[node], Replicas[node]) = (CreateTestProbe(), CreateTestProbe());
            (Contacts.Reporters[node], Contacts.Replicas[node]) = (Reporters[node], Replicas[node]);
        }
    }

    private protected ManualTime Time { get; } = new();

    private protected ScriptedContacts Contacts { get; } = new();

    private protected Dictionary<NodeId, TestProbe> Reporters { get; } = [];

    private protected Dictionary<NodeId, TestProbe> Replicas { get; } = [];

    private protected IActorRef Start(int partitions = 1, TimeSpan rebalanceAfter = default) => Sys.ActorOf(FailoverCoordinator.Props(new CoordinatorEnvironment
    {
        Cluster = Known.Cluster,
        Self = Known.A,
        Partitions = Enumerable.Range(Known.Partition.Value, partitions).ToDictionary(partition => new PartitionId(partition), _ => Known.Three),
        Routes = Contacts,
        Contacts = Contacts,
        Timing = CoordinatorTiming.Fast with { Failover = Timing, Tick = TimeSpan.FromDays(1), Hello = TimeSpan.FromDays(1) },
        RebalanceAfter = rebalanceAfter,
        Time = Time,
        Random = new Random(1),
    }));

    private protected void Report(IActorRef coordinator, NodeId node, params ReplicaReport[] replicas) => Report(coordinator, node, isLeaving: false, replicas);

    private protected void Report(IActorRef coordinator, NodeId node, bool isLeaving, params ReplicaReport[] replicas)
    {
        _reports[node] = _reports.GetValueOrDefault(node) + 1;
        coordinator.Tell(
            new NodeReport(Known.Cluster, node, _reports[node], isLeaving, [.. replicas.Select((replica, i) => new PartitionReport(new PartitionId(Known.Partition.Value + i), replica))]),
            Reporters[node]);
    }

    private protected static ReplicaReport Following(long promised) => new(ReplicaStanding.Following, new Epoch(promised));

    private protected static ReplicaReport Serving(long epoch) => new(ReplicaStanding.Leading, new Epoch(epoch), IsServing: true);

    private protected static Promise Promised(Prepare prepare, NodeId from, long written = 900, double lease = 0) =>
        new(prepare.Cluster, prepare.Partition, prepare.Epoch, prepare.Proposer, from, new Epoch(1), Known.At(written), new RunningLease(Known.Ms(lease), new Epoch(1)), Epoch.None);

    /// <summary>What was told before is done; then the clock moves, and the coordinator looks at it.</summary>
    private protected void Pass(IActorRef coordinator, double milliseconds)
    {
        Done(coordinator);
        Time.Advance(milliseconds);
        coordinator.Tell(FailoverProtocol.Tick.Instance);
    }

    /// <summary>Until everything that was told to it is done.</summary>
    private protected void Done(IActorRef coordinator)
    {
        var probe = CreateTestProbe();
        coordinator.Tell(new TransferLeaderOrder(Known.Cluster, new PartitionId(999), Known.A), probe);
        Assert.Equal(TransferResult.NoReplica, probe.ExpectMsg<TransferLeaderAnswer>().Result);
    }

    private protected void NothingWasSent(IActorRef coordinator)
    {
        Done(coordinator);
        Assert.All(Replicas, replica => Assert.False(replica.Value.HasMessages, $"{replica.Key} was told something"));
    }
}
