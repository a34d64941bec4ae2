using BitArk.Replication.Follower;

namespace BitArk.Replication.Tests.Follower;

public sealed class GuardRulesSpecs
{
    private static readonly Guid A = new("0123456789abcdef0123456789abcdef");
    private static readonly Guid B = new("fedcba9876543210fedcba9876543210");

    [Theory]
    [InlineData(0, -1, false, 0)]
    [InlineData(0, 3, false, 3)]
    [InlineData(4, -1, false, 4)]
    [InlineData(4, 3, false, 4)]
    [InlineData(4, 4, false, 4)]
    [InlineData(4, 4, true, 4)]
    [InlineData(4, 5, false, 5)]
    [InlineData(4, 5, true, 5)]
    public void Should_keep_the_higher_promise_when_none_was_lost(long mark, long journal, bool wasInUse, long kept) =>
        Assert.Equal(new GuardDecision.Keep(Given(kept)), AtStart(mark, journal, wasInUse));

    [Theory]
    [InlineData(0, -1)]
    [InlineData(4, -1)]
    [InlineData(4, 3)]
    public void Should_be_damaged_when_the_journal_was_in_use_and_has_less_than_the_mark(long mark, long journal) =>
        Assert.IsType<GuardDecision.Damaged>(AtStart(mark, journal, wasInUse: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_be_damaged_when_the_journal_has_less_than_the_log(bool wasInUse)
    {
        var damaged = Assert.IsType<GuardDecision.Damaged>(AtStart(6, 3, wasInUse, logEpoch: 5));
        Assert.Contains("5", damaged.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, -1)]
    [InlineData(4, 3)]
    public void Should_keep_the_mark_when_the_replica_has_no_vote_yet(long mark, long journal) =>
        Assert.Equal(new GuardDecision.Keep(Given(mark)), AtStart(mark, journal, wasInUse: true, logEpoch: 4, isRejoining: true));

    [Theory]
    [InlineData(4, -1)]
    [InlineData(4, 3)]
    public void Should_keep_the_mark_when_the_loss_of_the_other_copies_was_accepted(long mark, long journal) =>
        Assert.Equal(
            new GuardDecision.Keep(Given(mark)),
            GuardRules.AtStart(new GuardView(Given(mark), journal < 0 ? null : Given(journal), new Epoch(4), WasInUse: true, IsRejoining: false, IsLossAccepted: true)));

    [Fact]
    public void Should_give_the_epoch_to_nobody_when_the_two_disagree_to_whom()
    {
        var nobody = new GuardDecision.Keep(new GuardedPromise(new Epoch(4), Guid.Empty));
        foreach (var (mark, journal) in ((Guid, Guid)[])[(A, Guid.Empty), (Guid.Empty, A), (A, B)])
            Assert.Equal(nobody, GuardRules.AtStart(new GuardView(new(new Epoch(4), mark), new(new Epoch(4), journal), new Epoch(4), WasInUse: true, IsRejoining: false)));
    }

    private static GuardDecision AtStart(long mark, long journal, bool wasInUse, long logEpoch = 0, bool isRejoining = false) =>
        GuardRules.AtStart(new GuardView(Given(mark), journal < 0 ? null : Given(journal), new Epoch(logEpoch), wasInUse, isRejoining));

    private static GuardedPromise Given(long epoch) => new(new Epoch(epoch), epoch == 0 ? Guid.Empty : A);
}
