using System.Globalization;
using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>What a replica that does not serve answers.</summary>
internal static class PhaseErrors
{
    /// <summary>Anybody may ask; the reasons name files of this machine and are for its operator.</summary>
    public const string SeeLog = "The node's log says why.";

    /// <summary>The error of a replica whose memory cannot be read, or null while it can.</summary>
    public static ReadStatusError? From(PartitionPhase phase, PartitionId partition) => phase switch
    {
        { IsReadable: true } => null,
        PartitionPhase.Syncing syncing => Syncing(partition, syncing.Progress),
        PartitionPhase.Damaged => new ReadStatusError(
            ErrorReason.StorageFailed, $"This node's replica of partition {partition} is damaged and waits for its repair. {SeeLog}", "partition", partition.ToString()),
        PartitionPhase.Learning => new ReadStatusError(
            ErrorReason.NoLeader, $"This node's replica of partition {partition} lost what it had and has not caught up; no other can be reached.", "partition", partition.ToString()),
        PartitionPhase.Rejoining => new ReadStatusError(
            ErrorReason.NoLeader, $"This node builds its connection to the cluster anew and cannot read partition {partition} meanwhile; no other can be reached.", "partition", partition.ToString()),
        PartitionPhase.Elsewhere => new ReadStatusError(
            ErrorReason.NoLeader, $"This node has no replica of partition {partition}, and none can be reached.", "partition", partition.ToString()),
        PartitionPhase.Recovering recovering => Recovering(partition, recovering.Progress),
        PartitionPhase.Failed => new ReadStatusError(
            ErrorReason.StorageFailed, $"The storage of partition {partition} failed. {SeeLog}", "partition", partition.ToString()),
        _ => new ReadStatusError(
            ErrorReason.NoLeader, $"Partition {partition} is shutting down on this node; try again shortly.", "partition", partition.ToString()),
    };

    /// <summary>The error of a replica that does not lead, for a call that needs the leader and was not to travel.</summary>
    public static ReadStatusError NotLeader(PartitionId partition, Leadership known, bool wrongEpoch = false)
    {
        var metadata = new Dictionary<string, string>
        {
            ["partition"] = partition.ToString(),
            ["epoch"] = known.Epoch.Value.ToString(CultureInfo.InvariantCulture),
        };
        if (known.Leader is not { } leader)
            return new ReadStatusError(ErrorReason.NoLeader, $"Nobody is known to lead partition {partition}; try again shortly.", metadata);

        metadata["leader"] = leader.Name;
        return wrongEpoch
            ? new ReadStatusError(ErrorReason.WrongEpoch, $"Partition {partition} is led by {leader} in {known.Epoch}; the route used is of another epoch.", metadata)
            : new ReadStatusError(ErrorReason.NotLeader, $"Partition {partition} is led by {leader} in {known.Epoch}, and the call was not to be forwarded.", metadata);
    }

    /// <summary>The error while snapshot and log are being read.</summary>
    public static ReadStatusError Recovering(PartitionId partition, double progress) => Underway(partition, progress, "is recovering");

    /// <summary>The error while a snapshot is being fetched.</summary>
    public static ReadStatusError Syncing(PartitionId partition, double progress) => Underway(partition, progress, "fetches its data from the leader");

    private static ReadStatusError Underway(PartitionId partition, double progress, string what) => new(
        ErrorReason.Recovering,
        string.Create(CultureInfo.InvariantCulture, $"Partition {partition} {what}, {progress:P0} done; try again shortly."),
        new Dictionary<string, string>
        {
            ["partition"] = partition.ToString(),
            ["progress"] = progress.ToString("0.####", CultureInfo.InvariantCulture),
        });
}
