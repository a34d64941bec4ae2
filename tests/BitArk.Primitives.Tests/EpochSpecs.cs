namespace BitArk.Primitives.Tests;

public sealed class EpochSpecs
{
    [Fact]
    public void Should_come_after_the_one_it_follows()
    {
        Assert.True(Epoch.None < Epoch.None.Next());
        Assert.True(new Epoch(3).Next() >= new Epoch(4));
        Assert.Equal("E3", new Epoch(3).ToString());
    }

    [Fact]
    public void Should_never_wrap_around() =>
        Assert.Throws<OverflowException>(() => new Epoch(long.MaxValue).Next());
}
