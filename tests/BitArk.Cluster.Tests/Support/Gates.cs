using BitArk.Cluster.Leases;
using BitArk.Replication;
using BitArk.Replication.Failover;
using BitArk.Storage.Clocks;

namespace BitArk.Cluster.Tests.Support;

/// <summary>Leases of a leader, for tests that are not about them.</summary>
internal static class Gates
{
    /// <summary>That of <c>node1</c> of two.</summary>
    public static LeaderGate Of(NodeId follower, Epoch epoch) =>
        new(new ReplicaSet([new NodeId("node1"), follower]), new NodeId("node1"), epoch, new LeaseTerms(TimeSpan.FromSeconds(1)), BootClock.Instance, _ => { });
}
