using System.Diagnostics;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Verbs;

/// <summary>The self test of the checker of cluster histories: it finds every planted anomaly, and is silent on right histories.</summary>
internal static class ClusterSelfTest
{
    private const int Histories = 200;
    private const int PlantedOfEachKind = 50;
    private const int Operations = 300;
    private const int ManyOperations = 20_000;

    /// <summary>Runs it.</summary>
    public static void Check(int seed, Report report)
    {
        string[] alarms = [.. Enumerable.Range(0, Histories).SelectMany(i => Findings(seed + i, Operations, ClusterAnomaly.None)!.Select(finding => $"seed {seed + i}: {finding}"))];
        report.Check(alarms.Length == 0, $"cluster: {Histories} clean histories raise no alarm", $"{alarms.Length} false alarms: {string.Join("; ", alarms.Take(3))}");
        foreach (ClusterAnomaly anomaly in Enum.GetValues<ClusterAnomaly>().Where(anomaly => anomaly != ClusterAnomaly.None))
        {
            (int planted, int found) = Planted(seed, anomaly);
            report.Check(planted == PlantedOfEachKind && found == planted, $"cluster: {anomaly}: {found} of {planted} planted anomalies found");
        }

        PartitionHistory whole = PlantedClusterHistory.TryMake(seed, ManyOperations, ClusterAnomaly.None)!;
        long began = Stopwatch.GetTimestamp();
        int count = ClusterHistoryChecker.Check(whole).Count;
        report.Check(count == 0, $"cluster: {ManyOperations} operations in one history raise no alarm ({Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms)");
    }

    /// <summary>What the checker finds in a planted history; null when it has no place for the anomaly.</summary>
    public static List<ClusterFinding>? Findings(int seed, int operations, ClusterAnomaly anomaly) =>
        PlantedClusterHistory.TryMake(seed, operations, anomaly) is { } history ? ClusterHistoryChecker.Check(history) : null;

    private static (int Planted, int Found) Planted(int seed, ClusterAnomaly anomaly)
    {
        int planted = 0, found = 0;
        for (int i = 0; planted < PlantedOfEachKind && i < PlantedOfEachKind * 20; i++)
        {
            if (Findings(seed + i, Operations, anomaly) is not { } findings)
                continue;
            planted++;
            found += findings.Count > 0 ? 1 : 0;
        }

        return (planted, found);
    }
}
