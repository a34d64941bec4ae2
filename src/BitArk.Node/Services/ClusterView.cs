using BitArk.Cluster;
using BitArk.Node.Hosting;
using BitArk.Protocol.V1;
using BitArk.Replication;

namespace BitArk.Node.Services;

/// <summary>
/// The cluster as this node sees it. What replicas have reached is known best where their leader is: elsewhere a partition
/// shows this node's own replica alone.
/// </summary>
internal sealed class ClusterView(IReadStatusNode node, BitArkSettings settings, BoundPorts ports)
{
    /// <summary>The state of this moment.</summary>
    public ClusterReply Describe()
    {
        var reply = new ClusterReply { ClusterId = node.ClusterId.ToString(), AnsweredBy = node.NodeName };
        if (node.Directory is { } directory)
            reply.Nodes.Add(directory.Nodes.Select(Describe));
        else
            reply.Nodes.Add(Self());

        // A single node decides for itself.
        reply.Coordinator = node.Leaderships is { } leaderships ? leaderships.Coordinator?.Name ?? "" : node.Directory is null ? node.NodeName : "";
        reply.Partitions.Add(node.Partitions.Select(Describe));
        return reply;
    }

    private NodeInfo Describe(NodeView known) =>
        known.Name.Name == node.NodeName ? Self() : new NodeInfo { Name = known.Name.Name, Address = known.GrpcAuthority, Status = Name(known.Status), Version = known.Version };

    private NodeInfo Self() => new() { Name = node.NodeName, Address = ports.GrpcAuthority, Status = Name(NodeStatus.Up), Version = ProductVersion.Text };

    private PartitionInfo Describe(IPartition partition)
    {
        var leadership = partition.Leadership;
        var info = new PartitionInfo
        {
            Id = partition.Id.Value,
            Leader = leadership.Leader?.Name ?? "",
            Epoch = leadership.Epoch > Epoch.None ? leadership.Epoch.Value : partition.Positions.Epoch.Value,
            CommitRule = settings.CommitRule == CommitRule.Leader ? "leader" : "quorum",
        };
        info.Replicas.Add(partition.Replicas.Select(Describe));
        return info;
    }

    private static ReplicaInfo Describe(ReplicaView replica) => new()
    {
        Node = replica.Node.Name,
        Role = replica.Role switch { ReplicaRole.Leader => "leader", ReplicaRole.Learner => "learner", _ => "follower" },
        Status = replica.Status.ToString(),
        WrittenLsn = replica.WrittenLsn.Value,
        CommitLsn = replica.CommitLsn.Value,
        LastAppliedLsn = replica.LastAppliedLsn.Value,
        LastAckLsn = replica.LastAckLsn.Value,
        LagBytes = replica.LagBytes,
        LagSeconds = replica.Lag.TotalSeconds,
        MinRetainedLsn = replica.MinRetainedLsn.Value,
        SnapshotLsn = replica.SnapshotLsn.Value,
        SyncProgress = replica.SyncProgress,
    };

    private static string Name(NodeStatus status) => status switch
    {
        NodeStatus.Up => "up",
        NodeStatus.Unreachable => "unreachable",
        NodeStatus.Leaving => "leaving",
        _ => "down",
    };
}
