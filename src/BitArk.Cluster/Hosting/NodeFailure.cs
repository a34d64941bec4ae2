namespace BitArk.Cluster;

/// <summary>Why a node cannot go on: its disk failed, its files are damaged, or it cannot be a member of its cluster.</summary>
/// <param name="Partition">The first partition that failed; null when it is about the node.</param>
/// <param name="Reason">What failed, where; one line.</param>
public sealed record NodeFailure(PartitionId? Partition, string Reason)
{
    /// <summary>The exit code of a process that ends because of it (EX_IOERR).</summary>
    public const int ExitCode = 74;

    /// <summary>The one line for the operator.</summary>
    public override string ToString() => Partition is { } partition ? $"partition {partition}: {Reason}" : Reason;
}
