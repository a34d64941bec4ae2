using BitArk.Replication.Sync;

namespace BitArk.Replication.Tests.Sync;

public sealed class SnapshotDoubtSpecs
{
    private static readonly Lsn Offered = new(500);
    private readonly SnapshotDoubt _doubt = new();

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(0.999, false)]
    [InlineData(1, true)]
    public void Should_doubt_a_snapshot_only_when_all_of_it_was_fetched_and_it_is_asked_for_again(double progress, bool isInDoubt)
    {
        _doubt.Heard(Offered, progress);
        Assert.Equal(isInDoubt, _doubt.IsIn(Offered));
        Assert.False(_doubt.IsIn(new Lsn(600)));
    }

    [Fact]
    public void Should_still_doubt_it_when_the_follower_fetches_nothing_meanwhile()
    {
        _doubt.Heard(Offered, 1);
        _doubt.Heard(Offered, -1);
        _doubt.Heard(null, 1);
        Assert.True(_doubt.IsIn(Offered));
    }

    [Fact]
    public void Should_doubt_it_anew_only_when_it_was_fetched_once_more_after_a_look()
    {
        _doubt.Heard(Offered, 1);
        _doubt.Settle();
        Assert.False(_doubt.IsIn(Offered));
        _doubt.Heard(Offered, 1);
        Assert.True(_doubt.IsIn(Offered));
    }
}
