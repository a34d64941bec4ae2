using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;

namespace BitArk.Chaos.Verbs;

/// <summary>What is shown and kept when something did not hold.</summary>
internal static class Evidence
{
    /// <summary>The first findings and their number.</summary>
    public static string Say(IReadOnlyList<Finding> findings) =>
        $"{findings.Count} findings: {string.Join("; ", findings.Take(5))}";

    /// <summary>Keeps a copy of a data directory as the kill left it: the next start repairs the original.</summary>
    public static async Task CopyAsync(string directory, string to)
    {
        if (Directory.Exists(to))
            Directory.Delete(to, recursive: true);
        await Tool.MustRunAsync("cp", "-a", directory, to);
    }
}
