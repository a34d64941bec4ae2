using BitArk.Node.Tests.Model;

namespace BitArk.Node.Tests.Metrics;

public sealed class MetricsSpecs
{
    [Fact]
    public async Task Should_count_operations_by_kind_and_outcome_when_scraped()
    {
        await using var node = await RunningNode.StartAsync();
        await node.Http.PostForTextAsync("/v1/mark", """{"user": 1, "channel": 2, "upTo": 9}""");
        await node.Http.GetForTextAsync("/v1/users/1/channels/2/messages/12");
        await node.Http.GetAsync("/v1/users/-1/channels/2/messages/12").ErrorOfAsync();

        var text = await node.Http.GetForTextAsync("/metrics");

        Assert.Equal("1", Value(text, "bitark_operations_total", "kind=\"mark\"", "outcome=\"ok\""));
        Assert.Equal("1", Value(text, "bitark_operations_total", "kind=\"is_read\"", "outcome=\"ok\""));
        Assert.Equal("1", Value(text, "bitark_operations_total", "kind=\"is_read\"", "outcome=\"INVALID_ARGUMENT\""));
        Assert.Equal("1", Value(text, "bitark_operation_duration_seconds_count", "kind=\"mark\""));
        Assert.Equal("9", Value(text, "bitark_messages_changed_total"));
    }

    [Theory]
    [InlineData("bitark_log_written_lsn_bytes", "64")]
    [InlineData("bitark_log_commit_lsn_bytes", "64")]
    [InlineData("bitark_log_last_applied_lsn_bytes", "64")]
    [InlineData("bitark_log_min_retained_lsn_bytes", "64")]
    [InlineData("bitark_snapshot_lsn_bytes", "0")]
    [InlineData("bitark_epoch", "1")]
    [InlineData("bitark_read_sets", "0")]
    [InlineData("bitark_memory_bytes", "1000")]
    [InlineData("bitark_partition_serving", "1")]
    [InlineData("bitark_partition_recovery_progress", "1")]
    public async Task Should_show_every_partition_when_scraped(string name, string value)
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(2));

        var text = await node.Http.GetForTextAsync("/metrics");

        Assert.Equal(value, Value(text, name, "partition=\"0\""));
        Assert.Equal(value, Value(text, name, "partition=\"1\""));
    }

    [Fact]
    public async Task Should_count_how_often_the_actor_system_was_built_anew_when_scraped()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode { Rebuilds = 2 });

        Assert.Equal("2", Value(await node.Http.GetForTextAsync("/metrics"), "bitark_actor_system_rebuilds_total"));
    }

    private static string? Value(string text, string name, params string[] labels) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith(name + "{", StringComparison.Ordinal) && Array.TrueForAll(labels, line.Contains))?.Split(' ')[1];
}
