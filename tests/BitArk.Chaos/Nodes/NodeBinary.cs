using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Nodes;

/// <summary>Finds the node program that was built beside this one.</summary>
internal static class NodeBinary
{
    /// <summary>The path of <c>BitArk.Node.dll</c>: <c>--node PATH</c>, or the same configuration in this checkout.</summary>
    public static string Find(Options options)
    {
        string path = options.Text("--node") ?? Beside();
        return File.Exists(path) ? path : throw new UsageException($"there is no node at {path}; build src/BitArk.Node, or name one with --node");
    }

    private static string Beside()
    {
        // …/tests/BitArk.Chaos/bin/<configuration>/<framework>/
        var output = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        string framework = output.Name;
        string configuration = output.Parent?.Name ?? "Release";
        DirectoryInfo? root = output;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "BitArk.sln")))
            root = root.Parent;
        return Path.Combine(root?.FullName ?? "", "src", "BitArk.Node", "bin", configuration, framework, "BitArk.Node.dll");
    }
}
