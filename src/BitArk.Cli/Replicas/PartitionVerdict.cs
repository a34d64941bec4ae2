using BitArk.Cluster;

namespace BitArk.Cli.Replicas;

/// <summary>What the comparison of one partition's replicas found.</summary>
internal enum ReplicaVerdict
{
    /// <summary>All replicas have the same memory at the same position.</summary>
    Same,

    /// <summary>At the same position some have another one: damage.</summary>
    Differs,

    /// <summary>Not all could be compared.</summary>
    Undecided,
}

/// <summary>One partition's replicas, compared.</summary>
/// <param name="Partition">Which.</param>
/// <param name="Verdict">The end of it.</param>
/// <param name="Note">Why it is undecided; empty otherwise.</param>
/// <param name="Replicas">What each replica answered last, by node.</param>
internal sealed record PartitionVerdict(int Partition, ReplicaVerdict Verdict, string Note, IReadOnlyList<(string Node, string Role, DigestOutcome Outcome)> Replicas);
