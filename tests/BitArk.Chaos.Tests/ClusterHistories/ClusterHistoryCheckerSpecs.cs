using BitArk.Chaos.ClusterHistories;

namespace BitArk.Chaos.Tests.ClusterHistories;

public sealed class ClusterHistoryCheckerSpecs
{
    private const int Operations = 300;

    public static TheoryData<string> Anomalies => [.. Enum.GetNames<ClusterAnomaly>().Where(name => name != nameof(ClusterAnomaly.None))];

    [Fact]
    public void Should_raise_no_alarm_when_a_history_is_right()
    {
        for (var seed = 1; seed <= 40; seed++)
            Assert.Empty(Findings(seed, ClusterAnomaly.None)!);
    }

    [Theory]
    [MemberData(nameof(Anomalies))]
    public void Should_find_it_when_an_anomaly_is_planted(string name)
    {
        var anomaly = Enum.Parse<ClusterAnomaly>(name);
        var planted = 0;
        for (var seed = 1; planted < 10 && seed <= 200; seed++)
        {
            if (Findings(seed, anomaly) is not { } findings)
                continue;
            planted++;
            Assert.True(findings.Count > 0, $"{anomaly} was not found in the history of seed {seed}");
        }

        Assert.Equal(10, planted);
    }

    [Theory]
    [InlineData(nameof(ClusterAnomaly.LostWrite), nameof(ClusterRule.WriteKept))]
    [InlineData(nameof(ClusterAnomaly.Phantom), nameof(ClusterRule.RecordSent))]
    [InlineData(nameof(ClusterAnomaly.RefusedApplied), nameof(ClusterRule.RefusalKept))]
    [InlineData(nameof(ClusterAnomaly.UnknownTooEarly), nameof(ClusterRule.WriteBehind))]
    [InlineData(nameof(ClusterAnomaly.AppliedTwice), nameof(ClusterRule.ChangedRight))]
    [InlineData(nameof(ClusterAnomaly.TokenFell), nameof(ClusterRule.TokenRises))]
    [InlineData(nameof(ClusterAnomaly.BeyondCommit), nameof(ClusterRule.TokenReal))]
    [InlineData(nameof(ClusterAnomaly.StaleLeaderToken), nameof(ClusterRule.LeaderFresh))]
    [InlineData(nameof(ClusterAnomaly.StaleLeaderBits), nameof(ClusterRule.LeaderFresh))]
    [InlineData(nameof(ClusterAnomaly.StaleTokenBits), nameof(ClusterRule.BitsReal))]
    [InlineData(nameof(ClusterAnomaly.ImpossibleBits), nameof(ClusterRule.BitsReal))]
    [InlineData(nameof(ClusterAnomaly.TwoLeaders), nameof(ClusterRule.OneLeader))]
    [InlineData(nameof(ClusterAnomaly.DivergedLog), nameof(ClusterRule.LogsEqual))]
    [InlineData(nameof(ClusterAnomaly.OtherDigest), nameof(ClusterRule.MemoriesEqual))]
    [InlineData(nameof(ClusterAnomaly.OtherMemory), nameof(ClusterRule.MemoryReplayed))]
    public void Should_name_the_rule_when_it_does_not_hold(string anomaly, string rule)
    {
        var findings = Enumerable.Range(1, 200).Select(seed => Findings(seed, Enum.Parse<ClusterAnomaly>(anomaly))).First(found => found is not null)!;

        Assert.Contains(findings, finding => finding.Rule == Enum.Parse<ClusterRule>(rule));
    }

    private static List<ClusterFinding>? Findings(int seed, ClusterAnomaly anomaly) =>
        PlantedClusterHistory.TryMake(seed, Operations, anomaly) is { } history ? ClusterHistoryChecker.Check(history) : null;
}
