using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using BitArk.Cluster.Failover;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Replication.Failover;
using BitArk.Replication.Tests;

namespace BitArk.Cluster.Tests.Failover;

public sealed class ReplicaReporterSpecs : TestKit
{
    private readonly ManualTime _time = new();
    private readonly ScriptedContacts _contacts = new();
    private readonly TestProbe _first;
    private readonly TestProbe _second;
    private readonly PartitionStatus[] _replicas;
    private readonly IActorRef _reporter;
    private readonly Guid _one = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();
    private volatile object? _heard;

    public ReplicaReporterSpecs()
        : base(SettingsLoader.Defaults().Hocon)
    {
        (_first, _second) = (CreateTestProbe(), CreateTestProbe());
        // What lives on a node is where its reporter is, as far as contacts know.
        (_contacts.Reporters[Known.A], _contacts.Reporters[Known.C]) = (_first, _second);
        _replicas = [.. ((int[])[7, 3]).Select(id => new PartitionStatus(new PartitionId(id), SettingsLoader.Defaults(), new MemoryGate(long.MaxValue)))];
        _reporter = Sys.ActorOf(ReplicaReporter.Props(new ReporterEnvironment
        {
            Cluster = Known.Cluster,
            Self = Known.B,
            Replicas = _replicas,
            Contacts = _contacts,
            Timing = CoordinatorTiming.Fast,
            Time = _time,
            Heard = node => _heard = node,
        }));
    }

    [Fact]
    public void Should_answer_a_hello_and_tell_every_change_at_once()
    {
        Hello(_first, _one, Known.A, 1);
        var answer = _first.ExpectMsg<NodeReport>();
        Assert.Equal(new NodeReport(Known.Cluster, Known.B, 1, IsLeaving: false, [Row(3, new ReplicaReport(ReplicaStanding.Away, Epoch.None)), Row(7, new ReplicaReport(ReplicaStanding.Away, Epoch.None))]), answer);
        Assert.Equal(Known.A, _heard);

        var leading = new ReplicaReport(ReplicaStanding.Leading, new Epoch(9), IsServing: true);
        _replicas[0].Report = leading;
        var report = _first.FishForMessage<NodeReport>(message => message.Rows.Contains(Row(7, leading)));
        Assert.True(report.Sequence > answer.Sequence);

        var following = new ReplicaReport(ReplicaStanding.Following, new Epoch(10));
        _replicas[0].Report = following;
        _first.FishForMessage<NodeReport>(message => message.Rows.Contains(Row(7, following)));
        _replicas[1].Report = following;
        _first.FishForMessage<NodeReport>(message => message.Rows.Contains(Row(3, following)));
    }

    [Fact]
    public void Should_answer_no_hello_that_was_overtaken_or_is_of_another_cluster_or_sender()
    {
        Hello(_first, _one, Known.A, 5);
        _first.ExpectMsg<NodeReport>();
        Hello(_first, _one, Known.A, 5);
        _reporter.Tell(new CoordinatorHello(new ClusterId(Guid.NewGuid()), Guid.NewGuid(), Known.A, 6), _first);
        Hello(_second, Guid.NewGuid(), Known.A, 6);
        Hello(_first, _one, Known.A, 6);
        _reporter.Tell(new TransferLeaderOrder(Known.Cluster, Known.Partition, Known.B));
        Assert.Equal(2, _first.ExpectMsg<NodeReport>().Sequence);
        _first.ExpectMsg<TransferLeaderOrder>();
        Assert.False(_second.HasMessages);
    }

    [Fact]
    public void Should_tell_two_coordinators_and_forget_the_one_that_falls_silent()
    {
        Hello(_first, _one, Known.A, 1);
        Hello(_second, _other, Known.C, 1);
        _first.ExpectMsg<NodeReport>();
        _second.ExpectMsg<NodeReport>();
        Changed(8);
        _first.FishForMessage<NodeReport>(Tells(8));
        _second.FishForMessage<NodeReport>(Tells(8));

        _time.Advance(CoordinatorTiming.Fast.ForgetAfter.TotalMilliseconds);
        Hello(_second, _other, Known.C, 2);
        Changed(9);
        _second.FishForMessage<NodeReport>(Tells(9));
        Hello(_second, _other, Known.C, 3);
        _second.FishForMessage<NodeReport>(Tells(9));
        Assert.False(_first.HasMessages);
        Assert.Equal(Known.C, _heard);
    }

    [Fact]
    public void Should_tell_no_more_than_two_coordinators()
    {
        Hello(_first, _one, Known.A, 1);
        _first.ExpectMsg<NodeReport>();
        Hello(_second, _other, Known.C, 1);
        Hello(_second, Guid.NewGuid(), Known.C, 1);
        _second.ExpectMsg<NodeReport>();
        _second.ExpectMsg<NodeReport>();
        Changed(8);
        _second.FishForMessage<NodeReport>(Tells(8));
        _second.FishForMessage<NodeReport>(Tells(8));
        Assert.False(_first.HasMessages);
    }

    [Fact]
    public void Should_pass_an_order_to_the_coordinator_heard_last_or_say_that_there_is_none()
    {
        var order = new TransferLeaderOrder(Known.Cluster, Known.Partition, Known.B);
        _reporter.Tell(order, TestActor);
        Assert.Equal(TransferResult.NoCoordinator, ExpectMsg<TransferLeaderAnswer>().Result);

        Hello(_second, _other, Known.C, 1);
        Hello(_first, _one, Known.A, 1);
        _first.ExpectMsg<NodeReport>();
        _reporter.Tell(order, TestActor);
        Assert.Equal(order, _first.ExpectMsg<TransferLeaderOrder>());
        _first.Reply("answer");
        ExpectMsg("answer");

        _time.Advance(CoordinatorTiming.Fast.ForgetAfter.TotalMilliseconds);
        _reporter.Tell(order, TestActor);
        Assert.Equal(TransferResult.NoCoordinator, ExpectMsg<TransferLeaderAnswer>().Result);
        Assert.Null(_heard);
    }

    [Fact]
    public void Should_say_that_the_node_leaves_at_once_and_from_then_on()
    {
        Hello(_first, _one, Known.A, 1);
        Assert.False(_first.ExpectMsg<NodeReport>().IsLeaving);
        _reporter.Tell(FailoverProtocol.Leave.Instance);
        Assert.True(_first.ExpectMsg<NodeReport>().IsLeaving);
        Hello(_first, _one, Known.A, 2);
        Assert.True(_first.ExpectMsg<NodeReport>().IsLeaving);
    }

    private static PartitionReport Row(int partition, ReplicaReport report) => new(new PartitionId(partition), report);

    private static Predicate<NodeReport> Tells(long promised) => report => report.Rows.Any(row => row.Report.Promised.Value == promised);

    private void Changed(long promised) => _replicas[0].Report = new ReplicaReport(ReplicaStanding.Following, new Epoch(promised));

    private void Hello(TestProbe from, Guid proposer, NodeId node, long sequence) => _reporter.Tell(new CoordinatorHello(Known.Cluster, proposer, node, sequence), from);
}
