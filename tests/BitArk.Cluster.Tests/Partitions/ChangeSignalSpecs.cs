using BitArk.Cluster.Partitions;

namespace BitArk.Cluster.Tests.Partitions;

public sealed class ChangeSignalSpecs
{
    private readonly ChangeSignal _signal = new();

    [Fact]
    public void Should_wake_everybody_once_when_something_changes()
    {
        var (first, second) = (_signal.Next, _signal.Next);
        Assert.False(first.IsCompleted);

        _signal.Raise();

        Assert.True(first.IsCompleted && second.IsCompleted);
        Assert.False(_signal.Next.IsCompleted);
    }

    [Fact]
    public void Should_do_nothing_when_nobody_waits()
    {
        _signal.Raise();

        Assert.False(_signal.Next.IsCompleted);
    }
}
