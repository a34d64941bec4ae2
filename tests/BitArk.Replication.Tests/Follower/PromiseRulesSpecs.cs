using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Follower;

public sealed class PromiseRulesSpecs
{
    private static readonly Guid Mine = Guid.Parse("11111111-1111-1111-1111-111111111111");
    private static readonly Guid Other = Guid.Parse("22222222-2222-2222-2222-222222222222");

    public static TheoryData<long, bool, PromiseDecision> Table => new()
    {
        { 6, true, new PromiseDecision.Persist(new Epoch(6), Mine) },
        { 6, false, new PromiseDecision.Persist(new Epoch(6), Other) },
        { 5, true, new PromiseDecision.Repeat() },
        { 5, false, new PromiseDecision.Refuse(new Epoch(5), false) },
        { 4, true, new PromiseDecision.Refuse(new Epoch(5), false) },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Should_promise_an_epoch_to_one_proposer_and_nothing_below(long epoch, bool isSameProposer, PromiseDecision decision) =>
        Assert.Equal(decision, Decide(new PromiseState(new Epoch(5), Mine, false), epoch, isSameProposer ? Mine : Other));

    [Fact]
    public void Should_refuse_every_proposer_when_the_epoch_was_learnt_from_its_leader()
    {
        var learnt = new PromiseState(new Epoch(5), Guid.Empty, false);
        Assert.Equal(new PromiseDecision.Refuse(new Epoch(5), false), Decide(learnt, 5, Mine));
        Assert.Equal(new PromiseDecision.Refuse(new Epoch(5), false), Decide(learnt, 5, Guid.Empty));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Should_have_no_vote_when_damaged(long epoch) =>
        Assert.Equal(new PromiseDecision.Refuse(new Epoch(5), true), Decide(new PromiseState(new Epoch(5), Mine, true), epoch, Mine));

    private static PromiseDecision Decide(PromiseState state, long epoch, Guid proposer) =>
        PromiseRules.OnPrepare(state, new Prepare(Known.Cluster, Known.Partition, new Epoch(epoch), proposer, Known.A));
}
