using BitArk.Cluster;

namespace BitArk.Node.Http;

/// <summary>The node as a whole: as ready as its least ready partition.</summary>
/// <param name="Status"><c>ready</c>, <c>recovering</c>, <c>stopping</c> or <c>failed</c>.</param>
/// <param name="Progress">0 … 1 over all partitions.</param>
internal readonly record struct Readiness(string Status, double Progress)
{
    private const string Ready = "ready";
    private const string ServingName = "serving";

    /// <summary>Whether every partition serves.</summary>
    public bool IsReady => Status == Ready;

    /// <summary>The state of this moment.</summary>
    public static Readiness Of(IReadStatusNode node)
    {
        var progress = 0.0;
        var status = Ready;
        foreach (var partition in node.Partitions)
        {
            var phase = partition.Phase;
            progress += phase is PartitionPhase.Recovering recovering ? recovering.Progress : 1;
            status = Worse(status, phase);
        }

        return new Readiness(status, Math.Round(progress / Math.Max(1, node.Partitions.Count), 4));
    }

    /// <summary>The phase's name on the wire.</summary>
    public static string NameOf(PartitionPhase phase) => phase switch
    {
        PartitionPhase.Recovering => "recovering",
        PartitionPhase.Serving => ServingName,
        PartitionPhase.Failed => "failed",
        _ => "stopping",
    };

    private static string Worse(string status, PartitionPhase phase) => (status, phase) switch
    {
        ("failed", _) or (_, PartitionPhase.Failed) => "failed",
        ("stopping", _) or (_, PartitionPhase.Stopping) => "stopping",
        (_, PartitionPhase.Recovering) => "recovering",
        _ => status,
    };
}
