using BitArk.Cluster;

namespace BitArk.Node.Http;

/// <summary>The node as a whole: as ready as its least ready partition.</summary>
/// <param name="Status"><c>ready</c>, or <c>joining</c>, or the name of the worst phase: <c>electing</c>, <c>recovering</c>, <c>syncing</c>, <c>rejoining</c>, <c>damaged</c>, <c>stopping</c> or <c>failed</c>.</param>
/// <param name="Progress">0 … 1 over all partitions.</param>
internal readonly record struct Readiness(string Status, double Progress)
{
    private const string Ready = "ready";
    private const string Joining = "joining";

    /// <summary>Whether every partition serves, and the cluster counts this node: the next one may be stopped.</summary>
    public bool IsReady => Status == Ready;

    /// <summary>The state of this moment.</summary>
    public static Readiness Of(IReadStatusNode node)
    {
        var progress = 0.0;
        PartitionPhase? worst = null;
        foreach (var partition in node.Partitions)
        {
            var phase = partition.Phase;
            progress += ProgressOf(phase) ?? 1;
            if (SeverityOf(phase) > (worst is null ? 0 : SeverityOf(worst)))
                worst = phase;
        }

        var status = worst is not null ? NameOf(worst) : node.Directory is { IsJoining: true } ? Joining : Ready;
        return new Readiness(status, Math.Round(progress / Math.Max(1, node.Partitions.Count), 4));
    }

    /// <summary>The phase's name on the wire.</summary>
    public static string NameOf(PartitionPhase phase) => phase switch
    {
        PartitionPhase.Recovering => "recovering",
        PartitionPhase.Serving => "serving",
        PartitionPhase.Following => "following",
        PartitionPhase.Learning => "learning",
        PartitionPhase.Electing => "electing",
        PartitionPhase.Syncing => "syncing",
        PartitionPhase.Elsewhere => "elsewhere",
        PartitionPhase.Damaged => "damaged",
        PartitionPhase.Rejoining => "rejoining",
        PartitionPhase.Failed => "failed",
        _ => "stopping",
    };

    /// <summary>How far a phase is that has an end, 0 … 1; null for the others.</summary>
    public static double? ProgressOf(PartitionPhase phase) => phase switch
    {
        PartitionPhase.Recovering recovering => recovering.Progress,
        PartitionPhase.Syncing syncing => syncing.Progress,
        _ => null,
    };

    // 0: nothing is wrong.
    private static int SeverityOf(PartitionPhase phase) => phase switch
    {
        PartitionPhase.Serving or PartitionPhase.Following or PartitionPhase.Elsewhere => 0,
        PartitionPhase.Electing => 1,
        PartitionPhase.Recovering or PartitionPhase.Learning or PartitionPhase.Rejoining => 2,
        PartitionPhase.Syncing => 3,
        PartitionPhase.Damaged => 4,
        PartitionPhase.Stopping => 5,
        _ => 6,
    };
}
