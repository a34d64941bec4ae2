namespace BitArk.Cluster.Tests.Hosting;

public sealed class RebuildPaceSpecs
{
    private readonly RebuildPace _pace = new(new Random(1));

    [Fact]
    public void Should_wait_longer_each_time_up_to_half_a_minute_when_it_is_in_vain()
    {
        foreach (var full in (double[])[1, 2, 4, 8, 16, 30, 30])
            Assert.InRange(_pace.Next(TimeSpan.FromSeconds(5)).TotalSeconds, full / 2, full);
    }

    [Fact]
    public void Should_begin_anew_when_the_last_one_lasted()
    {
        for (var i = 0; i < 5; i++)
            _pace.Next(TimeSpan.Zero);

        Assert.InRange(_pace.Next(TimeSpan.FromMinutes(1)).TotalSeconds, 0.5, 1);
    }
}
