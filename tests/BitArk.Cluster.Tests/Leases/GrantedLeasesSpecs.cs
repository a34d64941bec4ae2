using BitArk.Cluster.Leases;
using Microsoft.Extensions.Time.Testing;

namespace BitArk.Cluster.Tests.Leases;

public sealed class GrantedLeasesSpecs
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Should_tell_of_a_full_lease_after_a_start()
    {
        var granted = new GrantedLeases(TimeSpan.FromSeconds(2), _clock);
        Assert.Equal(TimeSpan.FromSeconds(2), granted.Close(new Epoch(1)).Remaining);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, granted.Close(new Epoch(1)).Remaining);
    }

    // What the promise does not tell of, no echo may grant any more.
    [Fact]
    public void Should_grant_nothing_below_what_is_promised()
    {
        var granted = new GrantedLeases(TimeSpan.Zero, _clock);
        Assert.True(granted.TryGrant(new Epoch(3), TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromMilliseconds(300));
        Assert.Equal(TimeSpan.FromMilliseconds(700), granted.Close(new Epoch(4)).Remaining);

        Assert.False(granted.TryGrant(new Epoch(3), TimeSpan.FromSeconds(9)));
        Assert.Equal(TimeSpan.FromMilliseconds(700), granted.Close(new Epoch(4)).Remaining);
        Assert.True(granted.TryGrant(new Epoch(4), TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(1), granted.Close(new Epoch(5)).Remaining);
    }
}
