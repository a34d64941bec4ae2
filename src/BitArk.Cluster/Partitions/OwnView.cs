using BitArk.Replication;

namespace BitArk.Cluster.Partitions;

/// <summary>What a node knows of its own replica when it does not lead the others: one row, none where it has no replica.</summary>
internal static class OwnView
{
    /// <summary>The row.</summary>
    public static IReadOnlyList<ReplicaView> Of(PartitionStatus status, PartitionPositions positions)
    {
        var phase = status.Phase;
        if (phase is PartitionPhase.Elsewhere)
            return [];

        return
        [
            new ReplicaView(new NodeId(status.Settings.NodeName), status.Leadership.IsLocal ? ReplicaRole.Leader : ReplicaRole.Follower, StatusIn(phase))
            {
                WrittenLsn = positions.WrittenLsn,
                CommitLsn = positions.CommitLsn,
                LastAppliedLsn = positions.LastAppliedLsn,
                LastAckLsn = positions.WrittenLsn,
                MinRetainedLsn = positions.MinRetainedLsn,
                SnapshotLsn = positions.SnapshotLsn,
                SyncProgress = ProgressIn(phase),
            },
        ];
    }

    private static FollowerStatus StatusIn(PartitionPhase phase) => phase switch
    {
        PartitionPhase.Recovering or PartitionPhase.Syncing => FollowerStatus.Syncing,
        PartitionPhase.Failed or PartitionPhase.Damaged => FollowerStatus.Damaged,
        _ => FollowerStatus.Alive,
    };

    private static double ProgressIn(PartitionPhase phase) => phase switch
    {
        PartitionPhase.Recovering recovering => recovering.Progress,
        PartitionPhase.Syncing syncing => syncing.Progress,
        _ => 0,
    };
}
