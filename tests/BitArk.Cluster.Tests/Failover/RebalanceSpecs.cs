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
    public void Should_leave_where_they_are_what_an_operator_has_placed()
    {
        var coordinator = Start(partitions: 2, TimeSpan.FromSeconds(3));
        ReportAll(coordinator);
        foreach (var partition in new[] { Known.Partition, new PartitionId(Known.Partition.Value + 1) })
        {
            coordinator.Tell(new TransferLeaderOrder(Known.Cluster, partition, Known.B), TestActor);
            Assert.Equal(TransferResult.Done, ExpectMsg<TransferLeaderAnswer>().Result);
        }

        WellFor(coordinator, seconds: 20);
        NothingWasSent(coordinator);
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
