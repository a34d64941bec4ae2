using Akka.Configuration;
using BitArk.Cluster.Serialization;

namespace BitArk.Cluster.Tests.Settings;

public sealed class AkkaSettingsSpecs
{
    private const string Three =
        """
        bitark {
          node-name = node2
          replication-factor = 3
          cluster { expected-nodes = 3, seed-nodes = ["127.0.0.1:4051", "node2.example:4052"] }
        }
        """;

    [Fact]
    public void Should_change_nothing_when_the_node_is_alone()
    {
        var settings = SettingsLoader.Defaults();
        Assert.Same(settings.Hocon, AkkaSettings.Of(settings));
        Assert.False(settings.Hocon.HasPath("akka.actor.provider"));
    }

    [Theory]
    [InlineData("akka.actor.provider", "cluster")]
    [InlineData("akka.actor.serialization-settings.allow-unregistered-types", "off")]
    [InlineData("akka.remote.deployment.enable-whitelist", "on")]
    [InlineData("akka.remote.dot-netty.tcp.hostname", "127.0.0.1")]
    [InlineData("akka.remote.dot-netty.tcp.public-hostname", "127.0.0.1")]
    [InlineData("akka.remote.dot-netty.tcp.port", "4053")]
    [InlineData("akka.cluster.downing-provider-class", "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster")]
    [InlineData("akka.cluster.split-brain-resolver.active-strategy", "keep-majority")]
    [InlineData("akka.cluster.split-brain-resolver.keep-majority.role", "bitark")]
    [InlineData("akka.cluster.split-brain-resolver.down-all-when-unstable", "off")]
    [InlineData("akka.cluster.retry-unsuccessful-join-after", "2s")]
    [InlineData("akka.cluster.singleton.hand-over-retry-interval", "200ms")]
    [InlineData("akka.cluster.singleton.min-number-of-hand-over-retries", "30")]
    [InlineData("akka.cluster.seed-node-timeout", "5000ms")]
    [InlineData("akka.actor.internal-dispatcher.executor", "fork-join-executor")]
    [InlineData("akka.remote.default-remote-dispatcher.executor", "fork-join-executor")]
    [InlineData("akka.remote.backoff-remote-dispatcher.executor", "fork-join-executor")]
    [InlineData("akka.persistence.journal.bitark-guards.class", "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql")]
    [InlineData("akka.persistence.journal.bitark-guards.parallelism", "1")]
    [InlineData("akka.persistence.journal.bitark-guards.plugin-dispatcher", "bitark.dispatchers.guard")]
    [InlineData("akka.persistence.journal.bitark-guards.materializer-dispatcher", "bitark.dispatchers.guard")]
    [InlineData("akka.persistence.journal.bitark-guards.replay-filter.mode", "fail")]
    [InlineData("bitark.dispatchers.guard.executor", "fork-join-executor")]
    public void Should_make_a_member_of_the_node_when_there_are_others(string key, string value) => Assert.Equal(value, Of(Three).GetString(key, ""));

    [Fact]
    public void Should_keep_promises_in_the_data_directory_whatever_its_name()
    {
        const string Odd = "/tmp/a;b \"c\" d\\e'f";
        var connection = Of(Three + $"\nbitark.data-dir = \"{Odd.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"")
            .GetString("akka.persistence.journal.bitark-guards.connection-string", "");
        Assert.Equal(Odd + "/guards/journal.db", new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(connection).DataSource);
    }

    [Fact]
    public void Should_give_every_node_the_same_frames_when_there_are_others()
    {
        var tcp = Of(Three + "\nakka.remote.dot-netty.tcp.maximum-frame-size = 128000b").GetConfig("akka.remote.dot-netty.tcp");
        Assert.Equal(640 * 1024, tcp.GetByteSize("maximum-frame-size", 0));
        Assert.Equal(2 * 640 * 1024, tcp.GetByteSize("send-buffer-size", 0));
        Assert.Equal(2 * 640 * 1024, tcp.GetByteSize("receive-buffer-size", 0));
        Assert.True(WireLimits.MaxPayloadBytes >= (480 << 10) + 1024, "A batch of 480 KiB and its header must fit.");
    }

    [Fact]
    public void Should_tell_its_name_by_a_role_when_there_are_others()
    {
        Assert.Equal(["bitark", "name.node2"], Of(Three).GetStringList("akka.cluster.roles"));

        // The nodes join by themselves, with addresses of their own transport's scheme.
        Assert.Empty(Of(Three).GetStringList("akka.cluster.seed-nodes"));
    }

    [Fact]
    public void Should_refuse_what_has_no_serializer_when_there_are_others()
    {
        var actor = Of(Three).GetConfig("akka.actor");
        Assert.StartsWith(typeof(RefusingSerializer).FullName, actor.GetString("serializers.json", ""), StringComparison.Ordinal);
        Assert.Equal("json", actor.GetConfig("serialization-bindings").Root.GetObject().GetKey("System.Object").GetString());
    }

    [Theory]
    [InlineData("tuned", 500, 2000, 3000, 1000, 500)]
    [InlineData("fast", 200, 1000, 1000, 500, 200)]
    public void Should_time_failures_by_the_profile_when_there_are_others(string profile, int heartbeat, int pause, int stable, int margin, int gossip)
    {
        var cluster = Of(Three + $"\nbitark.failover.profile = {profile}").GetConfig("akka.cluster");
        Assert.Equal(heartbeat, Milliseconds("failure-detector.heartbeat-interval"));
        Assert.Equal(pause, Milliseconds("failure-detector.acceptable-heartbeat-pause"));
        Assert.Equal(stable, Milliseconds("split-brain-resolver.stable-after"));
        Assert.Equal(margin, Milliseconds("down-removal-margin"));
        Assert.Equal(gossip, Milliseconds("gossip-interval"));
        Assert.Equal(gossip, Milliseconds("leader-actions-interval"));
        Assert.Equal(gossip, Milliseconds("unreachable-nodes-reaper-interval"));

        int Milliseconds(string key) => (int)cluster.GetTimeSpan(key).TotalMilliseconds;
    }

    [Fact]
    public void Should_advertise_another_host_when_told()
    {
        var tcp = Of(Three + "\nbitark { bind = 0.0.0.0, allow-insecure-bind = on, advertised-host = node2 }").GetConfig("akka.remote.dot-netty.tcp");
        Assert.Equal("0.0.0.0", tcp.GetString("hostname", ""));
        Assert.Equal("node2", tcp.GetString("public-hostname", ""));
    }

    [Fact]
    public void Should_let_the_operator_tune_but_not_open_up_when_keys_of_akka_are_set()
    {
        var config = Of(Three + "\nakka { cluster.gossip-interval = 7s, actor.serialization-settings.allow-unregistered-types = on, cluster.roles = [x] }");
        Assert.Equal(TimeSpan.FromSeconds(7), config.GetTimeSpan("akka.cluster.gossip-interval"));
        Assert.Equal("off", config.GetString("akka.actor.serialization-settings.allow-unregistered-types", ""));
        Assert.Equal(["bitark", "name.node2"], config.GetStringList("akka.cluster.roles"));
    }

    [Theory]
    [InlineData("127.0.0.1:4051", "127.0.0.1", 4051)]
    [InlineData("[::1]:4051", "::1", 4051)]
    [InlineData("node1.example:1", "node1.example", 1)]
    public void Should_split_a_seed_when_it_is_valid(string seed, string host, int port) => Assert.Equal((host, port), ClusterSettings.Split(seed));

    private static Config Of(string hocon) => AkkaSettings.Of(SettingsLoader.FromHocon(hocon));
}
