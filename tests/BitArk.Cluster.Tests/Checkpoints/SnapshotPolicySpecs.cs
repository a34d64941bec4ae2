using BitArk.Cluster.Checkpoints;

namespace BitArk.Cluster.Tests.Checkpoints;

public sealed class SnapshotPolicySpecs
{
    private static readonly SnapshotPolicy Policy = new(EveryBytes: 1000, Every: TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData(1999, 0, 0, false)]
    [InlineData(2000, 0, 0, true)]
    [InlineData(2000, 5000, 0, false)]
    [InlineData(6000, 5000, 0, true)]
    [InlineData(1001, 0, 599, false)]
    [InlineData(1001, 0, 600, true)]
    [InlineData(1000, 0, 9999, false)]
    public void Should_be_due_by_bytes_or_by_time_when_anything_changed(long applied, long lastBytes, int seconds, bool isDue) =>
        Assert.Equal(isDue, Policy.IsDue(new LastSnapshot(new Lsn(1000), lastBytes), new Lsn(applied), TimeSpan.FromSeconds(seconds), sinceFailure: null));

    [Theory]
    [InlineData(1, false)]
    [InlineData(5, true)]
    public void Should_pause_when_the_last_attempt_failed(int seconds, bool isDue) =>
        Assert.Equal(isDue, Policy.IsDue(new LastSnapshot(new Lsn(1000), 0), new Lsn(9000), TimeSpan.Zero, TimeSpan.FromSeconds(seconds)));
}
