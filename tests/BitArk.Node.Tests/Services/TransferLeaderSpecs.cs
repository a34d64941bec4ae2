using System.Net;
using System.Text;
using BitArk.Cluster;
using BitArk.Node.Tests.Model;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

public sealed class TransferLeaderSpecs : IAsyncLifetime
{
    private readonly ScriptedLeaderships _leaderships = new();
    private RunningNode _node = null!;

    public async Task InitializeAsync() => _node = await RunningNode.StartAsync(new ModelNode(partitions: 2) { Directory = new Nodes(), Leaderships = _leaderships });

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Should_answer_who_leads_and_how_long_nobody_did()
    {
        _leaderships.Answer = new TransferOutcome(TransferResult.Done, new NodeId("node2"), new Epoch(7), TimeSpan.FromMilliseconds(12.5));

        var reply = await _node.Admin.TransferLeaderAsync(new TransferLeaderRequest { Partition = 1, Node = "node2" });

        Assert.Equal(new TransferLeaderReply { Epoch = 7, Leader = "node2", UnavailableMicros = 12_500 }, reply);
        Assert.Equal((new PartitionId(1), new NodeId("node2")), _leaderships.Asked);
        Assert.Equal("node3", (await _node.Admin.ClusterAsync(new ClusterRequest())).Coordinator);
    }

    [Fact]
    public async Task Should_have_the_same_answer_as_json()
    {
        _leaderships.Answer = new TransferOutcome(TransferResult.Done, new NodeId("node2"), new Epoch(7), TimeSpan.FromMilliseconds(12.5));
        using var body = new StringContent("""{"partition": 1, "node": "node2"}""", Encoding.UTF8, "application/json");

        using var answer = await _node.Http.PostAsync(new Uri("/v1/admin/transfer-leader", UriKind.Relative), body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"epoch":"7","leader":"node2","unavailableMicros":"12500"}""", (await answer.Content.ReadAsStringAsync()).Replace(" ", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(TransferResult.NoReplica, "INVALID_ARGUMENT", "no replica")]
    [InlineData(TransferResult.NotFollowing, "REPLICA_BEHIND", "catching up")]
    [InlineData(TransferResult.NotCaughtUp, "REPLICA_BEHIND", "did not catch up in time")]
    [InlineData(TransferResult.Underway, "NO_LEADER", "under way")]
    [InlineData(TransferResult.NotInTime, "NO_LEADER", "in time")]
    [InlineData(TransferResult.AnotherLeads, "NOT_LEADER", "another replica")]
    [InlineData(TransferResult.NoCoordinator, "NO_LEADER", "no coordinator")]
    public async Task Should_say_why_not_and_who_leads(TransferResult result, string reason, string words)
    {
        _leaderships.Answer = new TransferOutcome(result, new NodeId("node1"), new Epoch(6), TimeSpan.Zero);

        var error = ReadStatusErrors.FromException(await FailsAsync("node2"))!;

        Assert.Equal(reason, error.Reason.Name);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal(("1", "node1", "6"), (error.Metadata["partition"], error.Metadata["leader"], error.Metadata["epoch"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("node9")]
    [InlineData("no such\nnode")]
    public async Task Should_ask_nobody_when_there_is_no_such_node(string name)
    {
        var error = ReadStatusErrors.FromException(await FailsAsync(name))!;

        Assert.Equal(("INVALID_ARGUMENT", "node"), (error.Reason.Name, error.Metadata["field"]));
        Assert.Null(_leaderships.Asked);
    }

    [Fact]
    public async Task Should_say_that_it_may_go_on_when_the_caller_stops_waiting()
    {
        _leaderships.Answer = null;

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await _node.Admin.TransferLeaderAsync(
            new TransferLeaderRequest { Partition = 1, Node = "node2" }, deadline: DateTime.UtcNow + TimeSpan.FromMilliseconds(200)));

        // Whichever side notices first.
        Assert.True(failure.StatusCode == StatusCode.DeadlineExceeded || ReadStatusErrors.FromException(failure)?.Reason == ErrorReason.OutcomeUnknown, failure.ToString());
    }

    private async Task<RpcException> FailsAsync(string node) =>
        await Assert.ThrowsAsync<RpcException>(async () => await _node.Admin.TransferLeaderAsync(new TransferLeaderRequest { Partition = 1, Node = node }));

    private sealed class ScriptedLeaderships : ILeaderships
    {
        public TransferOutcome? Answer { get; set; } = new(TransferResult.Underway, null, Epoch.None, TimeSpan.Zero);

        public (PartitionId, NodeId)? Asked { get; private set; }

        public NodeId? Coordinator => new NodeId("node3");

        public async Task<TransferOutcome> TransferAsync(PartitionId partition, NodeId to, CancellationToken cancellation)
        {
            Asked = (partition, to);
            if (Answer is null)
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return Answer!;
        }
    }

    private sealed class Nodes : INodeDirectory
    {
        IReadOnlyList<NodeView> INodeDirectory.Nodes =>
            [.. Enumerable.Range(1, 3).Select(i => new NodeView(new NodeId($"node{i}"), "", NodeStatus.Up, ""))];
    }
}
