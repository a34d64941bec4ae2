using BitArk.Cluster;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Node.Peers;
using BitArk.Node.Tests.Model;
using Microsoft.Extensions.DependencyInjection;

namespace BitArk.Node.Tests.Peers;

/// <summary>A node2 without data behind the real front ends and the real routing: whatever it answers comes over a socket from node1.</summary>
internal sealed class FollowerNode : IReadStatusNode, INodeDirectory
{
    private FollowerNode(ClusterId cluster, string leaderAuthority)
    {
        ClusterId = cluster;
        Nodes = [new NodeView(new NodeId("node1"), leaderAuthority, NodeStatus.Up, "0.1.0"), new NodeView(new NodeId("node2"), "", NodeStatus.Up, "0.1.0")];
        var settings = SettingsLoader.FromHocon("bitark.node-name = node2");
        Status = new PartitionStatus(new PartitionId(0), settings, new MemoryGate(long.MaxValue), null)
        {
            ReplicaNodes = [new NodeId("node1"), new NodeId("node2")],
            Leadership = new Leadership(new NodeId("node1"), new Epoch(1), IsLocal: false),
            Phase = new PartitionPhase.Elsewhere(),
        };
        Partitions = [new PartitionHandle(Status)];
    }

    public PartitionStatus Status { get; }

    public ClusterId ClusterId { get; }

    public string NodeName => "node2";

    public IReadOnlyList<IPartition> Partitions { get; }

    public IReadOnlyDictionary<string, NamespaceId> Namespaces { get; } = new Dictionary<string, NamespaceId> { ["default"] = new(0), ["mail"] = new(7) };

    public IReadOnlyList<NodeView> Nodes { get; set; }

    public INodeDirectory Directory => this;

    /// <summary>Its host, in front of a node1 that listens at an address.</summary>
    public static async Task<(RunningNode Host, FollowerNode Node)> StartAsync(string leaderAuthority, ClusterId? cluster = null)
    {
        var node = new FollowerNode(cluster ?? ModelNode.Cluster, leaderAuthority);
        var host = await RunningNode.StartOverAsync(node);
        node.Status.Peers = host.Services.GetRequiredService<GrpcPeers>();
        return (host, node);
    }
}
