using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>How a run of faults was asked for.</summary>
internal sealed record FaultOptions(int Seed, int Faults, int Clusters, string Profile, IReadOnlyList<FaultKind> Kinds, string? Picture, TimeSpan Pause, string CommitRule)
{
    /// <summary>Reads them.</summary>
    /// <exception cref="UsageException">One of them is wrong.</exception>
    public static FaultOptions Read(Options options, int faults, string count = "--faults", string? kinds = null)
    {
        string profile = options.Text("--profile") ?? "fast";
        if (profile is not ("fast" or "tuned"))
            throw new UsageException($"--profile is fast or tuned, not '{profile}'");
        string rule = options.Text("--commit-rule") ?? "quorum";
        if (rule is not ("quorum" or "leader"))
            throw new UsageException($"--commit-rule is quorum or leader, not '{rule}'");
        return new FaultOptions(
            options.Number("--seed", otherwise: Random.Shared.Next()),
            options.Number(count, otherwise: faults, atLeast: 1),
            options.Number("--clusters", otherwise: 1, atLeast: 1),
            profile,
            Named(kinds ?? options.Text("--kinds") ?? string.Join(',', FaultKind.All.Select(kind => kind.Name))),
            options.Text("--svg"),
            TimeSpan.FromSeconds(options.Number("--pause", otherwise: 20, atLeast: 3)),
            rule);
    }

    private static FaultKind[] Named(string names) =>
    [
        .. names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(name =>
            FaultKind.All.FirstOrDefault(kind => kind.Name == name) ?? throw new UsageException($"'{name}' is no kind of fault; known: {string.Join(',', FaultKind.All.Select(kind => kind.Name))}")),
    ];
}
