using BitArk.Cluster.Log;

namespace BitArk.Cluster.Tests.Log;

public sealed class DiskSpaceSpecs
{
    private readonly DiskSpace _space = new(floorBytes: 100);

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    [InlineData(101, false)]
    public void Should_be_low_below_the_floor_when_looked_at(long free, bool isLow)
    {
        _space.Observe(free);
        Assert.Equal(isLow, _space.IsLow);
        Assert.Equal(!isLow, _space.MayMakeSegment);
    }

    [Fact]
    public void Should_stay_low_when_a_segment_found_no_room_whatever_the_file_system_says()
    {
        _space.Observe(1000);
        _space.SegmentRefused();
        _space.Observe(1000);
        Assert.True(_space.IsLow);
        Assert.True(_space.MayMakeSegment);

        _space.SegmentMade();
        Assert.False(_space.IsLow);
    }
}
