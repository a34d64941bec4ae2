using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;

namespace BitArk.Cluster.Tests.Routing;

/// <summary>A handle on node2 of three, without actors behind it: whatever it answers comes from elsewhere.</summary>
internal sealed class RoutingKit
{
    public RoutingKit(PartitionPhase? phase = null)
    {
        var settings = SettingsLoader.FromHocon("bitark { node-name = node2, reads.token-wait = 20ms }");
        Status = new PartitionStatus(new PartitionId(0), settings, new MemoryGate(long.MaxValue))
        {
            Peers = Peers,
            ReplicaNodes = [new NodeId("node1"), new NodeId("node2"), new NodeId("node3")],
            Phase = phase ?? new PartitionPhase.Following(),
        };
        Handle = new PartitionHandle(Status);
    }

    public static WriteOutcome Committed { get; } = new WriteOutcome.Committed(new Epoch(3), new Lsn(600), [1]);

    public static WriteCommand Write { get; } = new(new[] { new MarkOperation(OperationKind.Mark, default, new UserId(1), new ChannelId(2), new MessageRange(1, 1)) });

    public ScriptedPeers Peers { get; } = new();

    public PartitionStatus Status { get; }

    public PartitionHandle Handle { get; }

    public void Lead(string node, long epoch) => Status.Leadership = new Leadership(new NodeId(node), new Epoch(epoch), IsLocal: false);
}
