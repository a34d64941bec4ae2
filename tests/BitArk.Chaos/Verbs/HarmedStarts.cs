using BitArk.Chaos.Faults;
using BitArk.Chaos.Histories;
using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>A stopped node's directory with known content, and starts on harmed copies of it.</summary>
internal sealed class HarmedStarts
{
    private static readonly TimeSpan RefusalBound = TimeSpan.FromSeconds(60);
    private readonly string _binary;
    private readonly string _copy;
    private readonly NodeSettings _settings;
    private readonly OneWriter _writer;

    private HarmedStarts(string binary, string pristine, NodeSettings settings, OneWriter writer)
    {
        _binary = binary;
        _writer = writer;
        _settings = settings;
        _copy = settings.DataDirectory;
        Pristine = pristine;
    }

    /// <summary>The unharmed directory; never started again.</summary>
    public string Pristine { get; }

    /// <summary>Fills a directory over several segments and stops the node in good order.</summary>
    public static async Task<HarmedStarts> PrepareAsync(string binary, ScratchDirectory scratch, string name, int seed, int snapshotEveryBytes)
    {
        var settings = new NodeSettings { DataDirectory = scratch.At($"{name}-pristine"), Partitions = 1, SnapshotEveryBytes = snapshotEveryBytes };
        var writer = new OneWriter(seed, settings.Partitions);
        await using NodeProcess node = await NodeProcess.StartAsync(binary, settings);
        using var client = new NodeClient(node.Grpc);
        if (await writer.WriteAsync(client, times: 4_000) is { } other)
            throw new NodeException($"preparing failed: {other}{node.Tail()}");
        if (await node.TerminateAsync() is not 0 and var code)
            throw new NodeException($"SIGTERM ended the node with exit code {code}: {node.Tail()}");
        return new HarmedStarts(binary, settings.DataDirectory, settings with { DataDirectory = scratch.At($"{name}-harmed") }, writer);
    }

    /// <summary>Files of partition 0, relative to the data directory, in order of their names.</summary>
    public string[] Files(string kind, string pattern) =>
        [.. Directory.GetFiles(Path.Combine(Pristine, "partitions", "0", kind), pattern).Select(path => Path.GetRelativePath(Pristine, path)).Order(StringComparer.Ordinal)];

    /// <summary>The start must end by itself, non-zero, naming <paramref name="names"/>, with no stack trace.</summary>
    public async Task CheckRefusedAsync(string what, Action<string> harm, string names, Report report)
    {
        await HarmAsync(harm);
        await using NodeProcess node = NodeProcess.Launch(_binary, _settings);
        int code = await node.EndAsync(RefusalBound);
        string? said = node.ErrorLines.LastOrDefault(line => line.Contains(names, StringComparison.OrdinalIgnoreCase));
        bool hasTrace = node.Lines.Any(line => line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains("Unhandled exception", StringComparison.Ordinal));
        if (report.Check(code != 0 && said is not null && node.ErrorLines.Count == 1 && !hasTrace, $"{what}: refused in one line", $"exit code {code}, stack trace: {hasTrace}, {node.ErrorLines.Count} error lines, said:{node.Tail(30)}"))
            report.Say($"        {said?.Trim()}");
    }

    /// <summary>The start must succeed with everything there, and name <paramref name="says"/> in its log.</summary>
    public async Task CheckServesAsync(string what, Action<string> harm, string? says, Report report)
    {
        await HarmAsync(harm);
        try
        {
            await using NodeProcess node = await NodeProcess.StartAsync(_binary, _settings);
            using var client = new NodeClient(node.Grpc);
            List<Finding> findings = await _writer.CompareAsync(client);
            string? said = says is null ? "" : node.Lines.FirstOrDefault(line => line.Contains(says, StringComparison.OrdinalIgnoreCase));
            if (report.Check(findings.Count == 0 && said is not null, $"{what}: everything is served", $"{Evidence.Say(findings)}, said:{node.Tail(30)}") && said?.Length > 0)
                report.Say($"        {said.Trim()}");
        }
        catch (Exception refused) when (Verdict.IsFinding(refused))
        {
            report.Fail($"{what}: {refused.Message}");
        }
    }

    private async Task HarmAsync(Action<string> harm)
    {
        await Evidence.CopyAsync(Pristine, _copy);
        harm(_copy);
    }
}
