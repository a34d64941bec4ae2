using BitArk.Replication.Sync;

namespace BitArk.Replication.Tests.Sync;

public sealed class SnapshotPinsSpecs
{
    private readonly SnapshotPins _pins = new(Known.Ms(1000));

    [Fact]
    public void Should_hold_a_snapshot_as_long_as_it_is_used()
    {
        _pins.Use(Known.B, new Lsn(500), Known.Ms(0));
        _pins.Use(Known.C, new Lsn(400), Known.Ms(0));
        _pins.Use(Known.B, new Lsn(500), Known.Ms(900));

        Assert.Equal([Known.C], _pins.Expire(Known.Ms(1000)));
        Assert.Equal([new Lsn(500)], _pins.Pinned);
        Assert.Equal(new Lsn(500), _pins.Of(Known.B));
        Assert.Null(_pins.Of(Known.C));
        Assert.Equal([Known.B], _pins.Expire(Known.Ms(1900)));
        Assert.Empty(_pins.Pinned);
    }

    [Fact]
    public void Should_let_go_when_a_follower_needs_it_no_more()
    {
        _pins.Use(Known.B, new Lsn(500), Known.Ms(0));
        _pins.Use(Known.C, new Lsn(500), Known.Ms(0));
        _pins.Release(Known.B);
        Assert.Equal([new Lsn(500)], _pins.Pinned);
        _pins.Release(Known.C);
        Assert.Empty(_pins.Pinned);
    }
}
