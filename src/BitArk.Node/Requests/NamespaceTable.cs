namespace BitArk.Node.Requests;

/// <summary>The namespaces that callers may name.</summary>
internal sealed class NamespaceTable(IReadOnlyDictionary<string, NamespaceId> configured)
{
    private const string DefaultName = "default";

    private readonly NamespaceId _default = configured.GetValueOrDefault(DefaultName, NamespaceId.Default);

    /// <summary>Finds a namespace by name; an empty name is "default".</summary>
    public FieldViolation? Resolve(string name, out NamespaceId id)
    {
        id = _default;
        return name.Length == 0 || name == DefaultName || configured.TryGetValue(name, out id)
            ? null
            : new FieldViolation("namespace", $"'{Echo.Of(name)}' is not configured in bitark.namespaces");
    }
}
