using BitArk.Replication.Epochs;

namespace BitArk.Replication.Tests.Epochs;

public sealed class DivergenceRulesSpecs
{
    // The leader of epoch 7: epoch 2 from 64, 4 from 500, 5 from 900, 7 from 1000, log until 1200.
    private static readonly EpochHistory Leader = History((2, 64), (4, 500), (5, 900), (7, 1000));

    public static TheoryData<string, long, long, PullAnswer> Questions => new()
    {
        { "empty", 0, 64, new PullAnswer.Stream(new Lsn(64)) },
        { "a prefix", 4, 700, new PullAnswer.Stream(new Lsn(700)) },
        { "a prefix that ends where an epoch ends", 4, 900, new PullAnswer.Stream(new Lsn(900)) },
        { "all there is", 7, 1200, new PullAnswer.Stream(new Lsn(1200)) },
        { "an old leader's tail, its epoch known", 5, 1100, new PullAnswer.Truncate(new Lsn(1000), new Epoch(5)) },
        { "an old leader's tail, its epoch lost", 6, 1100, new PullAnswer.Truncate(new Lsn(1000), new Epoch(5)) },
        { "the same, and shorter than the leader's log there", 6, 950, new PullAnswer.Truncate(new Lsn(1000), new Epoch(5)) },
        { "an epoch between two", 3, 600, new PullAnswer.Truncate(new Lsn(500), new Epoch(2)) },
        { "ahead in the leader's own epoch", 7, 1300, new PullAnswer.Truncate(new Lsn(1200), new Epoch(7)) },
        { "an epoch of the future", 9, 1300, new PullAnswer.Truncate(new Lsn(1200), new Epoch(7)) },
        { "an epoch before all", 1, 200, new PullAnswer.Truncate(new Lsn(64), Epoch.None) },
        { "records, but of no epoch", 0, 200, new PullAnswer.FullSync(FullSyncReason.NoCommonHistory) },
        { "an epoch where it cannot be", 5, 900, new PullAnswer.FullSync(FullSyncReason.Contradiction) },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void Should_find_where_two_histories_part(string follower, long lastEpoch, long written, PullAnswer answer) =>
        Assert.True(Ask(lastEpoch, written, 64) == answer, $"{follower}: {Ask(lastEpoch, written, 64)}");

    [Theory]
    [InlineData(0, 64)]
    [InlineData(4, 700)]
    [InlineData(3, 600)]
    [InlineData(1, 200)]
    public void Should_need_a_snapshot_when_the_log_from_there_is_gone(long lastEpoch, long written) =>
        Assert.IsType<PullAnswer.FullSync>(Ask(lastEpoch, written, 800));

    [Fact]
    public void Should_stream_from_the_very_first_position_that_is_kept() =>
        Assert.Equal(new PullAnswer.Stream(new Lsn(800)), Ask(4, 800, 800));

    [Fact]
    public void Should_need_a_snapshot_when_the_leader_has_forgotten_its_first_epochs()
    {
        var log = new LeaderLogView(new Epoch(7), History((4, 500), (7, 1000)), new Lsn(64), new Lsn(64), new Lsn(1200));
        Assert.Equal(new PullAnswer.FullSync(FullSyncReason.NoCommonHistory), DivergenceRules.Answer(log, new LogEnd(new Epoch(2), new Lsn(300))));
    }

    [Fact]
    public void Should_make_a_follower_empty_when_the_leader_is()
    {
        var log = new LeaderLogView(new Epoch(7), History(), new Lsn(64), new Lsn(64), new Lsn(64));
        Assert.Equal(new PullAnswer.Truncate(new Lsn(64), Epoch.None), DivergenceRules.Answer(log, new LogEnd(new Epoch(2), new Lsn(300))));
    }

    // The follower: epoch 2 from 64, 4 from 500, 6 from 800, log until 950.
    [Theory]
    [InlineData(1000, 4, "CutAt", 800)]
    [InlineData(700, 4, "CutAt", 700)]
    [InlineData(1000, 5, "CutAt", 800)]
    [InlineData(600, 5, "CutAt", 800)]
    [InlineData(900, 6, "CutAt", 900)]
    [InlineData(950, 6, "Nothing", 0)]
    [InlineData(2000, 9, "Nothing", 0)]
    [InlineData(500, 2, "BelowCommit", 500)]
    [InlineData(64, 0, "BelowCommit", 64)]
    public void Should_cut_where_the_own_history_leaves_the_epoch_kept(long to, long keep, string decision, long lsn) =>
        AssertCut(decision, lsn, Cut(to, keep, logBase: 64, commit: 700, CommitRule.Quorum));

    [Theory]
    [InlineData(700, 4, 700, "CutAt", 700)]
    [InlineData(699, 4, 64, "CutAt", 699)]
    [InlineData(699, 4, 700, "BelowLog", 699)]
    public void Should_cut_below_the_commit_only_when_the_rule_is_leader(long to, long keep, long logBase, string decision, long lsn)
    {
        AssertCut(decision, lsn, Cut(to, keep, logBase, commit: 750, CommitRule.Leader));
        Assert.IsType<CutDecision.BelowCommit>(Cut(to, keep, logBase, commit: 750, CommitRule.Quorum));
    }

    internal static EpochHistory History(params (long Epoch, long First)[] entries) =>
        new(entries.Select(entry => new EpochBoundary(new Epoch(entry.Epoch), new Lsn(entry.First))));

    private static PullAnswer Ask(long lastEpoch, long written, long minRetained) => DivergenceRules.Answer(
        new LeaderLogView(new Epoch(7), Leader, new Lsn(64), new Lsn(minRetained), new Lsn(1200)), new LogEnd(new Epoch(lastEpoch), new Lsn(written)));

    private static CutDecision Cut(long to, long keep, long logBase, long commit, CommitRule rule) => DivergenceRules.Cut(
        History((2, 64), (4, 500), (6, 800)), new LogEnd(new Epoch(6), new Lsn(950)), new Lsn(logBase), new Lsn(commit), rule, new Lsn(to), new Epoch(keep));

    private static void AssertCut(string decision, long lsn, CutDecision cut) => Assert.Equal(
        decision switch
        {
            "CutAt" => new CutDecision.CutAt(new Lsn(lsn)),
            "BelowLog" => new CutDecision.BelowLog(new Lsn(lsn)),
            "BelowCommit" => new CutDecision.BelowCommit(new Lsn(lsn)),
            _ => new CutDecision.Nothing(),
        },
        cut);
}
