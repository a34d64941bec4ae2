using System.Net;
using BitArk.Replication;

namespace BitArk.Cluster.Tests.Settings;

public sealed class DefaultsSpecs
{
    private const long KiB = 1L << 10;
    private const long MiB = 1L << 20;
    private const long GiB = 1L << 30;
    private readonly BitArkSettings _settings = SettingsLoader.Defaults();

    [Fact]
    public void Should_be_one_local_partition_when_nothing_is_configured()
    {
        Assert.Equal("node1", _settings.NodeName);
        Assert.Equal("data", _settings.DataDirectory);
        Assert.Equal(1, _settings.Partitions);
        Assert.Equal(1, _settings.ReplicationFactor);
        Assert.Equal(CommitRule.Quorum, _settings.CommitRule);
        Assert.Equal(1, _settings.Cluster.ExpectedNodes);
        Assert.False(_settings.Cluster.HasPeers);
        Assert.Equal("127.0.0.1", _settings.Cluster.AdvertisedHost);
        Assert.Empty(_settings.Cluster.SeedNodes);
        Assert.Equal(TimeSpan.FromSeconds(5), _settings.Cluster.FormAfter);
        Assert.Equal([new("default", NamespaceId.Default)], _settings.Namespaces.ToArray());
    }

    [Fact]
    public void Should_listen_on_loopback_when_nothing_is_configured()
    {
        var listeners = _settings.Listeners;
        Assert.Equal(
            new ListenerSettings(IPAddress.Loopback, AllowInsecureBind: false, HttpPort: 8080, GrpcPort: 8081, RespPort: 6390, listeners.AllowedHosts), listeners);
        Assert.Empty(listeners.AllowedHosts);
    }

    [Fact]
    public void Should_bound_log_and_queues_when_nothing_is_configured()
    {
        Assert.Equal(new WalSettings(64 * MiB, (int)MiB, 256 * MiB), _settings.Wal);
        Assert.Equal(new AdmissionSettings(16 * MiB), _settings.Admission);
        Assert.Equal(new SnapshotSettings(256 * MiB, TimeSpan.FromMinutes(10), 256 * MiB), _settings.Snapshot);
        Assert.Equal(new SessionSettings(64, 64 * MiB), _settings.Sessions);
        Assert.Equal(new ReadSettings(TimeSpan.FromMilliseconds(500)), _settings.Reads);
    }

    [Fact]
    public void Should_take_three_quarters_of_the_memory_when_nothing_is_configured() =>
        Assert.Equal(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3, _settings.Memory.MaxBytes);

    [Fact]
    public void Should_have_the_documented_timing_when_nothing_is_configured()
    {
        Assert.Equal(new GcSettings(GcMode.Windowed, GiB, TimeSpan.FromMinutes(10)), _settings.Gc);
        Assert.Equal(new FailoverSettings(FailoverProfile.Tuned, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)), _settings.Failover);
        Assert.Equal(
            new ReplicationSettings(10_000, (int)(1024 * KiB), TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), RequireLease: true),
            _settings.Replication);
    }

    [Fact]
    public void Should_harden_the_actor_system_when_nothing_is_configured()
    {
        var hocon = _settings.Hocon;
        Assert.False(hocon.GetBoolean("akka.actor.serialization-settings.allow-unregistered-types", true));
        Assert.Equal(4053, hocon.GetInt("akka.remote.dot-netty.tcp.port", 0));
        Assert.Equal("PinnedDispatcher", hocon.GetString("bitark.dispatchers.wal.type", ""));
        Assert.Equal("PinnedDispatcher", hocon.GetString("bitark.dispatchers.bitmap.type", ""));
        Assert.False(hocon.GetBoolean("akka.coordinated-shutdown.run-by-clr-shutdown-hook", true));
        Assert.Equal("fork-join-executor", hocon.GetString("akka.actor.internal-dispatcher.executor", ""));
    }
}
