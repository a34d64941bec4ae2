namespace BitArk.Chaos.Clusters;

/// <summary>Where one node lives.</summary>
/// <param name="Host">The address of its listeners.</param>
/// <param name="DataDirectory">Its data.</param>
/// <param name="Wrapper">The command that its process is started under; empty: none.</param>
internal sealed record NodeSite(string Host, string DataDirectory, IReadOnlyList<string> Wrapper);
