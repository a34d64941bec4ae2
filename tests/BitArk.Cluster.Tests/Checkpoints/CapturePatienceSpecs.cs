using BitArk.Cluster.Checkpoints;

namespace BitArk.Cluster.Tests.Checkpoints;

public sealed class CapturePatienceSpecs
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(4, 1600)]
    [InlineData(5, 1600)]
    [InlineData(1000, 1600)]
    public void Should_double_up_to_its_bound_when_captures_are_given_up(int givenUp, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), After(givenUp).Current);

    [Fact]
    public void Should_begin_again_when_a_snapshot_was_written()
    {
        var patience = After(givenUp: 3);
        patience.Succeeded();
        Assert.Equal(CapturePatience.Least, patience.Current);
    }

    private static CapturePatience After(int givenUp)
    {
        var patience = new CapturePatience();
        for (var i = 0; i < givenUp; i++)
            patience.GivenUp();

        return patience;
    }
}
