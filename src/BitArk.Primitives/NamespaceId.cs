namespace BitArk;

/// <summary>A separate business with read sets of its own; names map to ids in <c>bitark.namespaces</c>. 0 is "default".</summary>
/// <param name="Value">The 16-bit id.</param>
public readonly record struct NamespaceId(ushort Value)
{
    /// <summary>The namespace of callers who name none.</summary>
    public static readonly NamespaceId Default;
}
