using BitArk.Cli.Terminal;

namespace BitArk.Cli.Tests.Terminal;

public sealed class DurationSpecs
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("10s", 10_000)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void Should_read_a_number_with_its_unit(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.Value.TotalMilliseconds);
        Assert.True(Duration.TryParse(duration.ToString(), out var again));
        Assert.Equal(duration, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    [InlineData("99999999999s")]
    public void Should_refuse_what_is_no_duration_above_zero(string text) => Assert.False(Duration.TryParse(text, out _));
}
