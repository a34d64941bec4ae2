using Akka.Event;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;

namespace BitArk.Cluster.Tests.Partitions;

public sealed class RecoveryObserverSpecs
{
    private readonly PartitionStatus _status = new(new PartitionId(0), SettingsLoader.Defaults(), new MemoryGate(long.MaxValue));

    [Fact]
    public void Should_show_how_far_it_is_while_it_is_recovering()
    {
        var changed = _status.Changed.Next;
        Report(0.5);
        Assert.Equal(new PartitionPhase.Recovering(0.5, "reading"), _status.Phase);
        Assert.True(changed.IsCompleted);
    }

    // The opening runs beside the actor, and may report when that has ended the partition already.
    [Theory]
    [InlineData(nameof(PartitionPhase.Stopping))]
    [InlineData(nameof(PartitionPhase.Failed))]
    [InlineData(nameof(PartitionPhase.Damaged))]
    public void Should_leave_the_phase_when_the_partition_is_recovering_no_more(string phase)
    {
        PartitionPhase ended = phase switch
        {
            nameof(PartitionPhase.Stopping) => new PartitionPhase.Stopping(),
            nameof(PartitionPhase.Failed) => new PartitionPhase.Failed("mine"),
            _ => new PartitionPhase.Damaged("mine"),
        };
        _status.Phase = ended;
        Report(0.5);
        Assert.Same(ended, _status.Phase);
    }

    private void Report(double progress) =>
        new RecoveryObserver(_status, NoLogger.Instance, TimeProvider.System, CancellationToken.None).Progress(progress, "reading");
}
