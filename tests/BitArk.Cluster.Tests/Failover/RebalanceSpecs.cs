using Akka.Actor;
using BitArk.Cluster.Failover;
using BitArk.Replication.Messages;
using BitArk.Replication.Tests;

namespace BitArk.Cluster.Tests.Failover;

public sealed class RebalanceSpecs : CoordinatorKit
{
    [Fact]
    public void Should_let_the_node_with_the_most_hand_over_to_the_one_with_the_fewest_when_all_was_well_for_long_enough()
    {
        var coordinator = Start(partitions: 2, TimeSpan.FromSeconds(3));
        ReportAll(coordinator);
        WellFor(coordinator, seconds: 3);
        NothingWasSent(coordinator);
        WellFor(coordinator, seconds: 2);

        var order = Replicas[Known.B].ExpectMsg<HandOver>();
        Assert.Equal((Known.Partition, Known.A), (order.Partition, order.To));
    }

    [Fact]
    public void Should_leave_where_they_are_what_an_operator_has_transferred()
    {
        var coordinator = Start(partitions: 2, TimeSpan.FromSeconds(3));
        ReportAll(coordinator);
        foreach (var partition in new[] { Known.Partition, new PartitionId(Known.Partition.Value + 1) })
        {
            coordinator.Tell(new TransferLeaderOrder(Known.Cluster, partition, Known.C), TestActor);
            Replicas[Known.B].FishForMessage<HandOver>(order => order.Partition == partition);
        }

        // Nobody is ever ready: the wishes end, and the partitions stay with B.
        WellFor(coordinator, seconds: 20);
        while (Replicas[Known.B].HasMessages)
            Assert.Equal(Known.C, Replicas[Known.B].ExpectMsg<HandOver>().To);
    }

    private void WellFor(IActorRef coordinator, int seconds)
    {
        for (var i = 0; i < seconds * 2; i++)
        {
            Pass(coordinator, 500);
            ReportAll(coordinator);
        }

        Done(coordinator);
    }

    private void ReportAll(IActorRef coordinator)
    {
        Report(coordinator, Known.A, Following(4), Following(4));
        Report(coordinator, Known.B, Serving(4), Serving(4));
        Report(coordinator, Known.C, Following(4), Following(4));
    }
}
