using BitArk.Chaos.ClusterHistories;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>What a run over one cluster leaves for its picture and its figures, in ticks of its clock.</summary>
internal sealed record RunRecord(
    string Title,
    long Began,
    long Ended,
    IReadOnlyList<string> Nodes,
    int Partitions,
    IReadOnlyList<FaultBand> Faults,
    IReadOnlyList<(int Partition, Epoch Epoch, string Node, long Since)> Claims,
    IReadOnlyList<ClusterOperation> Operations)
{
    /// <summary>How many of the operations that began while nothing was wrong were acknowledged, and how many began so.</summary>
    public (long Acknowledged, long All) Calm()
    {
        (long acknowledged, long all) = (0, 0);
        foreach (ClusterOperation operation in Operations)
        {
            if (Faults.Any(fault => operation.Invoke >= fault.From && operation.Invoke <= fault.Calm))
                continue;
            all++;
            acknowledged += operation.Outcome == Outcome.Ok ? 1 : 0;
        }

        return (acknowledged, all);
    }
}
