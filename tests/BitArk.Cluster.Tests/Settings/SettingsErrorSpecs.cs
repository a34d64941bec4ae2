namespace BitArk.Cluster.Tests.Settings;

public sealed class SettingsErrorSpecs
{
    [Theory]
    [InlineData("bitark.node-name", "\"a b\"", "1 to 64 of")]
    [InlineData("bitark.node-name", "\"\"", "1 to 64 of")]
    [InlineData("bitark.data-dir", "\" \"", "path of a directory")]
    [InlineData("bitark.bind", "localhost.example", "an IP address")]
    [InlineData("bitark.bind", "0.0.0.0", "bitark.allow-insecure-bind = on")]
    [InlineData("bitark.allow-insecure-bind", "maybe", "one of on, off")]
    [InlineData("bitark.http.port", "70000", "from -1 to 65535")]
    [InlineData("bitark.http.port", "http", "from -1 to 65535")]
    [InlineData("bitark.http.allowed-hosts", "[\"read.example:8080\"]", "without a port")]
    [InlineData("bitark.http.allowed-hosts", "[\"http://read.example\"]", "without a port")]
    [InlineData("bitark.http.allowed-hosts", "\"*\"", "a list")]
    [InlineData("bitark.grpc.port", "8080", "bitark.http.port has this one")]
    [InlineData("bitark.resp.port", "1.5", "from -1 to 65535")]
    [InlineData("bitark.partitions", "0", "from 1 to 1024")]
    [InlineData("bitark.advertised-host", "\"a b\"", "a host name or an IP address")]
    [InlineData("bitark.replication-factor", "10", "from 1 to 9")]
    [InlineData("bitark.replication-factor", "0", "from 1 to 9")]
    [InlineData("bitark.commit-rule", "majority", "one of quorum, leader")]
    [InlineData("bitark.cluster.expected-nodes", "1001", "from 1 to 1000")]
    [InlineData("bitark.cluster.seed-nodes", "[\"somewhere\"]", "host:port")]
    [InlineData("bitark.cluster.seed-nodes", "\"a:1\"", "a list")]
    [InlineData("bitark.cluster.form-after", "0s", "100 ms")]
    [InlineData("bitark.cluster.seed-nodes", "[\"a:1\", \"b:1\"]", "while bitark.cluster.expected-nodes = 1")]
    [InlineData("bitark.wal.segment-bytes", "1000000", "multiple of 4096")]
    [InlineData("bitark.wal.segment-bytes", "4 KiB", "from 64 KiB to 1 GiB")]
    [InlineData("bitark.wal.max-batch-bytes", "1 GiB", "from 4 KiB to 64 MiB")]
    [InlineData("bitark.wal.disk-floor-bytes", "-1", "from 0 B to")]
    [InlineData("bitark.admission.max-pending-bytes", "16 megabytes", "from 64 KiB to 16 GiB")]
    [InlineData("bitark.memory.max-bytes", "lots", "a size from")]
    [InlineData("bitark.snapshot.every-bytes", "1", "a size from 4 KiB")]
    [InlineData("bitark.snapshot.every", "10", "a duration from 1 s to 365 d")]
    [InlineData("bitark.snapshot.pace-bytes-per-second", "fast", "a size from")]
    [InlineData("bitark.gc.mode", "eager", "one of windowed, conservative")]
    [InlineData("bitark.gc.max-lag-bytes", "0", "a size from 1 MiB")]
    [InlineData("bitark.gc.max-lag-time", "0 s", "a duration from 1 s")]
    [InlineData("bitark.replication.send-window-records", "0", "from 1 to 1000000")]
    [InlineData("bitark.replication.send-window-bytes", "2 MiB", "from 64 KiB to 1 MiB")]
    [InlineData("bitark.replication.slow-after", "1 us", "a duration from 100 ms")]
    [InlineData("bitark.replication.heartbeat-interval", "1 ms", "a duration from 10 ms")]
    [InlineData("bitark.replication.dead-after", "200 ms", "more than bitark.replication.heartbeat-interval")]
    [InlineData("bitark.replication.require-lease", "1", "one of on, off")]
    [InlineData("bitark.failover.profile", "slow", "one of tuned, fast")]
    [InlineData("bitark.failover.lease", "1 h", "a duration from 50 ms to 1 m")]
    [InlineData("bitark.reads.token-wait", "1 d", "a duration from 0 us to 1 m")]
    [InlineData("bitark.sessions.window", "0", "from 1 to 4096")]
    [InlineData("bitark.sessions.max-bytes", "1", "a size from 64 KiB")]
    [InlineData("bitark.namespaces.shop", "70000", "an id from 0 to 65535")]
    [InlineData("bitark.namespaces.shop", "0", "default has this one")]
    [InlineData("bitark.namespaces.default", "1", "only 0")]
    public void Should_name_key_value_and_what_is_allowed_when_a_value_is_bad(string key, string value, string allowed)
    {
        var problem = Refusal("--set", $"{key}={value}");
        Assert.Contains(key, problem, StringComparison.Ordinal);
        Assert.Contains(value.Trim('"', '[', ']').Split('"')[0].Trim(), problem, StringComparison.Ordinal);
        Assert.Contains(allowed, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bitark.cluster.expected-nodes = 2", "at least bitark.replication-factor = 3")]
    [InlineData("bitark { cluster.expected-nodes = 3, grpc.port = 0 }", "it carries snapshots")]
    [InlineData("bitark { cluster.expected-nodes = 3, bind = 0.0.0.0, allow-insecure-bind = on }", "bitark.advertised-host = (nothing)")]
    public void Should_say_what_is_missing_when_a_replicated_cluster_cannot_work(string hocon, string problem) =>
        Assert.Contains(problem, Assert.Throws<SettingsException>(() => SettingsLoader.FromHocon($"{hocon}\nbitark.replication-factor = 3")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("bitark.wal.segment-byte=1", "bitark.wal.segment-bytes")]
    [InlineData("bitark.http-port=1", "bitark.http.port")]
    [InlineData("bitark.partition=8", "bitark.partitions")]
    [InlineData("bitark.snapshots.every=1m", "bitark.snapshot.every")]
    [InlineData("bitark.wal.segment-bytes.x=1", "bitark.wal.segment-bytes")]
    public void Should_suggest_the_nearest_key_when_a_key_is_unknown(string assignment, string suggestion)
    {
        var problem = Refusal("--set", assignment);
        Assert.Contains(assignment.Split('=')[0] + " is not a key", problem, StringComparison.Ordinal);
        Assert.Contains($"did you mean {suggestion}?", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_list_the_keys_when_a_section_is_given_a_value() =>
        Assert.Contains("bitark.gc.mode", Refusal("--set", "bitark.gc=windowed"), StringComparison.Ordinal);

    [Fact]
    public void Should_name_every_problem_when_there_are_several()
    {
        var error = Assert.Throws<SettingsException>(() => SettingsLoader.FromArguments(["--set", "bitark.partitions=0", "--set", "bitark.gc.mode=x"]));
        Assert.Equal(2, error.Problems.Count);
    }

    [Theory]
    [InlineData("--port", "8080")]
    [InlineData("--set")]
    [InlineData("--config")]
    [InlineData("--set", "novalue")]
    [InlineData("--set", "=4")]
    [InlineData("--config", "/no/such/file.conf")]
    public void Should_say_what_is_allowed_when_arguments_are_malformed(params string[] arguments) =>
        Assert.Contains(arguments[0], Refusal(arguments), StringComparison.Ordinal);

    // Akka's parser loops for ever on the first of these; the others are refused for what they say.
    [Theory]
    [InlineData("bitark.bind=[::1]")]
    [InlineData("bitark.cluster.seed-nodes=127.0.0.1:4053")]
    [InlineData("bitark.node-name=${nobody}")]
    [InlineData("bitark.node-name=${?nobody}")]
    [InlineData("bitark.node-name=")]
    [InlineData("bitark.node-name=[x]")]
    public void Should_refuse_and_not_hang_when_a_value_is_not_hocon(string assignment) =>
        Assert.Contains(assignment.Split('=')[0], Refusal("--set", assignment), StringComparison.Ordinal);

    private static string Refusal(params string[] arguments) =>
        Assert.Throws<SettingsException>(() => SettingsLoader.FromArguments(arguments)).Message;
}
