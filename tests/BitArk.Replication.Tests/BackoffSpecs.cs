namespace BitArk.Replication.Tests;

public sealed class BackoffSpecs
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(4, 800)]
    [InlineData(5, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void Should_lie_in_the_upper_half_of_the_doubled_bound_when_attempts_fail(int failures, int fullMilliseconds)
    {
        var backoff = new Backoff(Known.Ms(100), Known.Ms(1000), new Random(7));
        var waits = Enumerable.Range(0, 100).Select(_ => backoff.After(failures).TotalMilliseconds).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, fullMilliseconds / 2.0, fullMilliseconds));
        Assert.True(waits.Distinct().Count() > 50, "Waits that are all alike return together.");
    }

    [Fact]
    public void Should_refuse_bounds_that_do_not_fit()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.Zero, Known.Ms(1), new Random(7)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(Known.Ms(2), Known.Ms(1), new Random(7)));
    }
}
