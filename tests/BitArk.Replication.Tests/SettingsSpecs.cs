namespace BitArk.Replication.Tests;

public sealed class SettingsSpecs
{
    [Fact]
    public void Should_have_the_documented_defaults()
    {
        var settings = new ReplicationSettings();
        Assert.Equal(1024 * 1024, settings.WindowBytes);
        Assert.Equal(10_000, settings.WindowRecords);
        Assert.Equal(64 * 1024, settings.BatchBytes);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.SlowAfter);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.DeadAfter);
    }

    [Fact]
    public void Should_refuse_what_cannot_work()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplicationSettings { WindowBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplicationSettings { WindowRecords = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplicationSettings { BatchBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplicationSettings { SlowAfter = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplicationSettings { DeadAfter = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplicationSettings { RetryFirst = TimeSpan.Zero });
    }
}
