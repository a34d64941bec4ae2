namespace BitArk;

/// <summary>A node by its name (<c>bitark.node-name</c>), unique in the cluster. Ordered ordinally.</summary>
/// <param name="Name">1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</param>
public readonly record struct NodeId(string Name) : IComparable<NodeId>
{
    /// <inheritdoc/>
    public int CompareTo(NodeId other) => string.CompareOrdinal(Name, other.Name);

    /// <summary>Whether the left name sorts first.</summary>
    public static bool operator <(NodeId left, NodeId right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left name sorts last.</summary>
    public static bool operator >(NodeId left, NodeId right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left name sorts first or is the same.</summary>
    public static bool operator <=(NodeId left, NodeId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left name sorts last or is the same.</summary>
    public static bool operator >=(NodeId left, NodeId right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
