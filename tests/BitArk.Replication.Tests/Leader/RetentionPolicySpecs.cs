using BitArk.Replication.Leader;
using CsCheck;

namespace BitArk.Replication.Tests.Leader;

public sealed class RetentionPolicySpecs
{
    private const long Written = 10_000;

    [Theory]
    [InlineData(FollowerStatus.Alive, 3000L, 3000)]
    [InlineData(FollowerStatus.Slow, 3000L, 3000)]
    [InlineData(FollowerStatus.Alive, null, 0)]
    [InlineData(FollowerStatus.Alive, 9000L, 8000)]
    [InlineData(FollowerStatus.Dead, 3000L, 8000)]
    [InlineData(FollowerStatus.Dead, null, 8000)]
    [InlineData(FollowerStatus.Syncing, 3000L, 8000)]
    [InlineData(FollowerStatus.Damaged, null, 8000)]
    public void Should_keep_what_a_follower_needs_when_it_counts(FollowerStatus status, long? acked, long floor)
    {
        foreach (var mode in Enum.GetValues<RetentionMode>())
        {
            Assert.Equal(Known.At(floor), Decide(mode, Follower(status, acked)).Floor);
        }
    }

    [Fact]
    public void Should_keep_own_snapshot_commit_and_pins()
    {
        Assert.Equal(Known.At(8000), Decide(RetentionMode.Windowed).Floor);
        Assert.Equal(Known.At(2000), Policy(RetentionMode.Windowed).Decide(View() with { CommitLsn = Known.At(2000) }).Floor);
        Assert.Equal(Known.At(1000), Policy(RetentionMode.Windowed).Decide(View() with { Pins = [Known.At(5000), Known.At(1000)] }).Floor);
    }

    [Theory]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Alive, 5001L, 0, false)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Alive, 4999L, 0, true)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Slow, 4999L, 0, true)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Alive, 9999L, 60, false)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Alive, 9999L, 61, true)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Alive, null, 61, true)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Alive, null, 60, false)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Dead, 1L, 1000, false)]
    [InlineData(RetentionMode.Windowed, FollowerStatus.Syncing, 1L, 1000, false)]
    [InlineData(RetentionMode.Conservative, FollowerStatus.Alive, 1L, 1000, false)]
    public void Should_name_as_outdated_who_is_beyond_a_bound(RetentionMode mode, FollowerStatus status, long? acked, int lagSeconds, bool isOutdated)
    {
        var decision = Decide(mode, Follower(status, acked, lagSeconds));

        Assert.Equal(isOutdated ? [Known.B] : [], decision.BecomeOutdated);
    }

    [Fact]
    public void Should_not_let_go_what_an_outdated_follower_needs_before_that_is_recorded()
    {
        var lagging = Follower(FollowerStatus.Slow, 100, 1000);
        var before = Decide(RetentionMode.Windowed, lagging);
        Assert.Equal([Known.B], before.BecomeOutdated);
        Assert.Equal(Known.At(100), before.Floor);

        var after = Decide(RetentionMode.Windowed, lagging with { IsOutdated = true, Status = FollowerStatus.Outdated });
        Assert.Empty(after.BecomeOutdated);
        Assert.Equal(Known.At(8000), after.Floor);
    }

    [Theory]
    [InlineData(FollowerStatus.Outdated, 5001L, false)]
    [InlineData(FollowerStatus.Outdated, 8999L, false)]
    [InlineData(FollowerStatus.Outdated, 9000L, true)]
    [InlineData(FollowerStatus.Outdated, null, false)]
    [InlineData(FollowerStatus.Syncing, 9000L, false)]
    [InlineData(FollowerStatus.Dead, 9000L, false)]
    public void Should_stay_outdated_until_it_has_caught_up(FollowerStatus status, long? acked, bool isCurrent)
    {
        var decision = Decide(RetentionMode.Windowed, Follower(status, acked) with { IsOutdated = true });

        Assert.Equal(isCurrent ? [Known.B] : [], decision.BecomeCurrent);
    }

    // Few bytes behind, but for too long: it went to and fro, and its log went on the way. Found by the simulator (seed 1919).
    [Fact]
    public void Should_stay_outdated_when_it_lacks_little_for_too_long()
    {
        var late = Follower(FollowerStatus.Outdated, 9500L, 61) with { IsOutdated = true };

        Assert.Empty(Decide(RetentionMode.Windowed, late).BecomeCurrent);
        Assert.Equal([Known.B], Decide(RetentionMode.Windowed, late with { LagTime = TimeSpan.FromSeconds(60) }).BecomeCurrent);
    }

    [Fact]
    public void Should_keep_what_a_follower_needs_when_it_becomes_current()
    {
        var current = new RetentionPolicy(new RetentionSettings(RetentionMode.Windowed, 5000, TimeSpan.FromSeconds(60), 4000))
            .Decide(View(Follower(FollowerStatus.Outdated, 7000L) with { IsOutdated = true }));

        Assert.Equal([Known.B], current.BecomeCurrent);
        Assert.Equal(Known.At(7000), current.Floor);
    }

    [Fact]
    public void Should_never_pass_anything_that_counts() =>
        Gen.Select(
            Gen.Enum<RetentionMode>(),
            Gen.Select(Gen.Enum<FollowerStatus>(), Gen.Long[0, Written], Gen.Bool, Gen.Bool, Gen.Int[0, 100], (status, acked, isKnown, isOutdated, lag) =>
                Follower(status, isKnown ? acked : null, lag) with { IsOutdated = isOutdated }).Array[0, 4],
            Gen.Long[0, Written].Array[0, 2],
            Gen.Long[0, Written]).Sample((mode, followers, pins, commit) =>
        {
            var floor = Policy(mode).Decide(View(followers) with { CommitLsn = Known.At(commit), Pins = [.. pins.Select(Known.At)] }).Floor;

            Assert.True(floor.Value <= commit && floor.Value <= 8000 && pins.All(pin => floor.Value <= pin));
            Assert.All(followers.Where(follower => !follower.IsOutdated && follower.Status <= FollowerStatus.Slow), follower =>
                Assert.True(floor <= (follower.LastAckLsn ?? Lsn.Zero)));
        });

    private static FollowerRetention Follower(FollowerStatus status, long? acked, int lagSeconds = 0) =>
        new(Known.B, status, acked is { } lsn ? Known.At(lsn) : null, TimeSpan.FromSeconds(lagSeconds), false);

    private static RetentionPolicy Policy(RetentionMode mode) => new(new RetentionSettings(mode, 5000, TimeSpan.FromSeconds(60), 1000));

    private static RetentionView View(params FollowerRetention[] followers) => new(Known.At(Written), Known.At(9500), Known.At(8000), [], followers);

    private static RetentionDecision Decide(RetentionMode mode, params FollowerRetention[] followers) => Policy(mode).Decide(View(followers));
}
