using BitArk.Cli.Nodes;

namespace BitArk.Cli.Tests.Nodes;

public sealed class BackoffSpecs
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(4, 800)]
    [InlineData(5, 1000)]
    [InlineData(int.MaxValue, 1000)]
    public void Should_lie_in_the_upper_half_of_the_doubled_bound_when_attempts_fail(int attempt, int fullMilliseconds)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), new Random(7));
        for (var i = 0; i < 100; i++)
        {
            Assert.InRange(backoff.After(attempt).TotalMilliseconds, fullMilliseconds / 2.0, fullMilliseconds);
        }
    }
}
