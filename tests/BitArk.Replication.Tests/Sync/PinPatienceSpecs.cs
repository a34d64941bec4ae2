using BitArk.Replication.Sync;

namespace BitArk.Replication.Tests.Sync;

public sealed class PinPatienceSpecs
{
    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 2)]
    [InlineData(0.99, 2)]
    [InlineData(1, 12)]
    public void Should_wait_for_the_install_of_a_large_file_only_when_all_of_it_is_there(double progress, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), PinPatience.After(progress, 600 * PinPatience.SlowestBytesPerSecond));

    [Fact]
    public void Should_not_wait_longer_for_a_small_file() =>
        Assert.InRange(PinPatience.After(1, 1 << 20), PinPatience.WhileFetching, PinPatience.WhileFetching + TimeSpan.FromSeconds(1));
}
