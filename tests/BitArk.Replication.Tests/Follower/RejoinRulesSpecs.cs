using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests.Follower;

public sealed class RejoinRulesSpecs
{
    private readonly RejoinRules _rules = new();

    // The leader had 100 when it granted the stream.
    [Theory]
    [InlineData(100, 101, true)]
    [InlineData(120, 110, true)]
    [InlineData(99, 101, false)]
    [InlineData(100, 100, false)]
    [InlineData(120, 100, false)]
    [InlineData(120, 50, false)]
    public void Should_count_again_when_everything_is_matched_and_a_commit_behind_the_grant_is_known(long matched, long commit, bool counts)
    {
        _rules.Granted(Grant(100));
        _rules.Heard(Known.Epoch, Known.At(commit));
        Assert.Equal(counts, _rules.HasCaughtUp(Known.Epoch, Known.At(matched)));
    }

    [Fact]
    public void Should_not_believe_a_leader_that_only_repeats_its_old_commit()
    {
        _rules.Granted(Grant(100));
        for (var beat = 0; beat < 10; beat++)
            _rules.Heard(Known.Epoch, Known.At(100));
        Assert.False(_rules.HasCaughtUp(Known.Epoch, Known.At(100)));
    }

    [Fact]
    public void Should_not_take_the_commit_of_one_epoch_for_that_of_another()
    {
        _rules.Granted(Grant(100));
        _rules.Heard(new Epoch(Known.Epoch.Value + 1), Known.At(500));
        _rules.Heard(new Epoch(Known.Epoch.Value - 1), Known.At(500));
        Assert.False(_rules.HasCaughtUp(Known.Epoch, Known.At(500)));

        _rules.Heard(Known.Epoch, Known.At(500));
        Assert.False(_rules.HasCaughtUp(new Epoch(Known.Epoch.Value + 1), Known.At(500)));
    }

    [Fact]
    public void Should_begin_anew_when_the_stream_is_granted_again()
    {
        _rules.Granted(Grant(100));
        _rules.Heard(Known.Epoch, Known.At(150));
        _rules.Granted(Grant(200));
        Assert.False(_rules.HasCaughtUp(Known.Epoch, Known.At(200)));
        _rules.Heard(Known.Epoch, Known.At(201));
        Assert.True(_rules.HasCaughtUp(Known.Epoch, Known.At(201)));
    }

    [Fact]
    public void Should_know_nothing_when_nothing_is_granted()
    {
        _rules.Heard(Known.Epoch, Known.At(500));
        Assert.False(_rules.HasCaughtUp(Known.Epoch, Known.At(500)));

        _rules.Granted(Grant(100));
        _rules.Heard(Known.Epoch, Known.At(500));
        Assert.False(_rules.HasCaughtUp(Known.Epoch, null));
        _rules.Reset();
        Assert.False(_rules.HasCaughtUp(Known.Epoch, Known.At(500)));
    }

    private static StreamFrom Grant(long written) => new(Known.Cluster, Known.Partition, Known.Epoch, 1, Known.At(50), Known.At(written));
}
