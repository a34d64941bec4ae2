namespace BitArk.Chaos.ClusterHistories;

/// <summary>
/// Judges the history of one partition by its log, which is the order of everything: sorting and one sweep, no search. What each rule
/// means is said at <see cref="ClusterRule"/>.
/// </summary>
internal static class ClusterHistoryChecker
{
    /// <summary>All that does not hold; empty when everything does.</summary>
    public static List<ClusterFinding> Check(PartitionHistory history)
    {
        var findings = new List<ClusterFinding>();
        var replay = LogReplay.Of(history);
        findings.AddRange(LogRules.Check(history));
        findings.AddRange(WriteRules.Check(history, replay));
        findings.AddRange(TokenRules.Check(history));
        findings.AddRange(ReadRules.Check(history, replay));
        findings.AddRange(ReplicaRules.Check(history, replay));
        return findings;
    }
}
