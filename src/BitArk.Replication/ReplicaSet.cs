namespace BitArk.Replication;

/// <summary>The configured replicas of one partition. The denominator of every majority: it never shrinks because somebody is away.</summary>
public sealed record ReplicaSet
{
    /// <summary>Checks and sorts the members.</summary>
    /// <exception cref="ArgumentException">There is none, or one is named twice.</exception>
    public ReplicaSet(IEnumerable<NodeId> members)
    {
        Members = [.. members.Order()];
        if (Members.Count == 0 || Members.Distinct().Count() != Members.Count)
            throw new ArgumentException("A replica set has at least one member, and each once.", nameof(members));
    }

    /// <summary>Ordinally by name.</summary>
    public IReadOnlyList<NodeId> Members { get; }

    /// <summary>How many make a majority.</summary>
    public int Majority => (Members.Count / 2) + 1;

    /// <summary>Whether a node has a replica.</summary>
    public bool Contains(NodeId node) => Members.Contains(node);

    /// <inheritdoc/>
    public bool Equals(ReplicaSet? other) => other is not null && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => Members.Aggregate(0, HashCode.Combine);
}
