using System.Globalization;
using BitArk.Cluster;
using BitArk.Protocol;

namespace BitArk.Node.Services;

/// <summary>What a replica that does not serve answers.</summary>
internal static class PhaseErrors
{
    /// <summary>Anybody may ask; the reasons name files of this machine and are for its operator.</summary>
    public const string SeeLog = "The node's log says why.";

    /// <summary>The error for a phase, or null while serving.</summary>
    public static ReadStatusError? From(PartitionPhase phase, PartitionId partition) => phase switch
    {
        PartitionPhase.Serving => null,
        PartitionPhase.Recovering recovering => Recovering(partition, recovering.Progress),
        PartitionPhase.Failed => new ReadStatusError(
            ErrorReason.StorageFailed, $"The storage of partition {partition} failed. {SeeLog}", "partition", partition.ToString()),
        _ => new ReadStatusError(
            ErrorReason.NoLeader, $"Partition {partition} is shutting down on this node; try again shortly.", "partition", partition.ToString()),
    };

    /// <summary>The error while snapshot and log are being read.</summary>
    public static ReadStatusError Recovering(PartitionId partition, double progress) => new(
        ErrorReason.Recovering,
        string.Create(CultureInfo.InvariantCulture, $"Partition {partition} is recovering, {progress:P0} done; try again shortly."),
        new Dictionary<string, string>
        {
            ["partition"] = partition.ToString(),
            ["progress"] = progress.ToString("0.####", CultureInfo.InvariantCulture),
        });
}
