using System.Net;
using System.Text.Json;
using BitArk.Cluster;
using BitArk.Node.Tests.Model;

namespace BitArk.Node.Tests.Http;

public sealed class HealthSpecs
{
    [Fact]
    public async Task Should_be_live_but_not_ready_and_show_the_progress_when_recovering()
    {
        var model = new ModelNode(2);
        model.Model[1].Phase = new PartitionPhase.Recovering(0.5, "replaying the log");
        await using var node = await RunningNode.StartAsync(model);

        using var live = await node.Http.GetAsync("/health/live");
        using var ready = await node.Http.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(
            """{"status":"recovering","node":"node1","progress":0.75,"partitions":[{"id":0,"phase":"serving"},{"id":1,"phase":"recovering","progress":0.5,"activity":"replaying the log"}]}""",
            await ready.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Should_become_ready_when_the_last_partition_serves()
    {
        var model = new ModelNode();
        model.Model[0].Phase = new PartitionPhase.Recovering(0, "starting");
        await using var node = await RunningNode.StartAsync(model);

        model.Model[0].Phase = new PartitionPhase.Serving();

        using var ready = await node.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Should_be_joining_until_the_cluster_counts_the_node()
    {
        var directory = new Newcomer();
        await using var node = await RunningNode.StartAsync(new ModelNode { Directory = directory });

        using var before = await node.Http.GetAsync("/health/ready");
        directory.IsJoining = false;
        using var after = await node.Http.GetAsync("/health/ready");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (before.StatusCode, after.StatusCode));
        Assert.StartsWith("""{"status":"joining",""", await before.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("stopping")]
    [InlineData("rejoining")]
    public async Task Should_name_the_worst_phase_when_partitions_differ(string status)
    {
        var model = new ModelNode(3);
        model.Model[1].Phase = status switch
        {
            "failed" => new PartitionPhase.Failed("EIO"),
            "rejoining" => new PartitionPhase.Rejoining(WasReadable: true),
            _ => new PartitionPhase.Stopping(),
        };
        model.Model[2].Phase = new PartitionPhase.Electing();
        await using var node = await RunningNode.StartAsync(model);

        using var ready = await node.Http.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(status, JsonDocument.Parse(await ready.Content.ReadAsStringAsync()).RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Should_serve_a_page_that_needs_nothing_else_when_the_root_is_opened()
    {
        await using var node = await RunningNode.StartAsync();

        using var answer = await node.Http.GetAsync("/");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("/v1/cluster", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
    }

    private sealed class Newcomer : INodeDirectory
    {
        public IReadOnlyList<NodeView> Nodes => [];

        public bool IsJoining { get; set; } = true;
    }
}
