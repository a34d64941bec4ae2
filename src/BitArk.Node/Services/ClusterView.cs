using BitArk.Cluster;
using BitArk.Node.Hosting;
using BitArk.Protocol.V1;

namespace BitArk.Node.Services;

/// <summary>The cluster as this node sees it: itself, the leader of everything.</summary>
internal sealed class ClusterView(IReadStatusNode node, BitArkSettings settings, BoundPorts ports)
{
    /// <summary>The state of this moment.</summary>
    public ClusterReply Describe()
    {
        var reply = new ClusterReply
        {
            ClusterId = node.ClusterId.ToString(),
            AnsweredBy = node.NodeName,
            Coordinator = node.NodeName,
            Nodes = { new NodeInfo { Name = node.NodeName, Address = ports.GrpcAuthority, Status = "up", Version = ProductVersion.Text } },
        };
        foreach (var partition in node.Partitions)
            reply.Partitions.Add(Describe(partition));
        return reply;
    }

    private PartitionInfo Describe(IPartition partition)
    {
        var phase = partition.Phase;
        var positions = partition.Positions;
        var serves = phase is PartitionPhase.Serving;
        var replica = new ReplicaInfo
        {
            Node = node.NodeName,
            Role = serves ? "leader" : "follower",
            Status = phase switch
            {
                PartitionPhase.Recovering => "Syncing",
                PartitionPhase.Failed => "Damaged",
                _ => "Alive",
            },
            WrittenLsn = positions.WrittenLsn.Value,
            CommitLsn = positions.CommitLsn.Value,
            LastAppliedLsn = positions.LastAppliedLsn.Value,
            LastAckLsn = positions.WrittenLsn.Value,
            MinRetainedLsn = positions.MinRetainedLsn.Value,
            SnapshotLsn = positions.SnapshotLsn.Value,
            SyncProgress = phase is PartitionPhase.Recovering recovering ? recovering.Progress : 0,
        };
        return new PartitionInfo
        {
            Id = partition.Id.Value,
            Leader = serves ? node.NodeName : "",
            Epoch = positions.Epoch.Value,
            CommitRule = settings.CommitRule == CommitRule.Leader ? "leader" : "quorum",
            Replicas = { replica },
        };
    }
}
