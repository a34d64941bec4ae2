using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Replication.Failover;

namespace BitArk.Cluster.Tests.Partitions;

public sealed class ReplicaReportSpecs
{
    [Fact]
    public void Should_say_that_the_replica_is_away_until_it_says_something_else_and_wake_whoever_waits_then()
    {
        var status = new PartitionStatus(new PartitionId(0), SettingsLoader.Defaults(), new MemoryGate(long.MaxValue));
        Assert.Equal(new ReplicaReport(ReplicaStanding.Away, Epoch.None), status.Report);
        var changed = status.Changed.Next;

        status.Report = new ReplicaReport(ReplicaStanding.Leading, new Epoch(7), IsServing: true);

        Assert.True(changed.IsCompleted);
        Assert.Equal(new ReplicaReport(ReplicaStanding.Leading, new Epoch(7), true), status.Report);
    }
}
