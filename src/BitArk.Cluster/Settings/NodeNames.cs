namespace BitArk.Cluster;

/// <summary>The names of nodes and namespaces: they end up in file names, URLs and metrics.</summary>
internal static class NodeNames
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Allowed = "1 to 64 of A-Z a-z 0-9 . _ -";

    private const int MaxLength = 64;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
