using BitArk.Cluster.Partitions;

namespace BitArk.Cluster.Tests.Routing;

public sealed class WriteRoutingSpecs : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(20));

    [Fact]
    public async Task Should_write_at_the_leader_in_the_epoch_of_the_route_when_this_replica_follows()
    {
        var kit = new RoutingKit();
        kit.Lead("node1", 3);
        kit.Peers["node1"].WriteAnswers.Enqueue(RoutingKit.Committed);

        var outcome = await kit.Handle.WriteAsync(RoutingKit.Write, _deadline.Token);

        Assert.Same(RoutingKit.Committed, outcome);
        var (partition, command) = Assert.Single(kit.Peers["node1"].Writes);
        Assert.Equal((new PartitionId(0), new Epoch(3)), (partition, command.Route.KnownEpoch));
    }

    [Fact]
    public async Task Should_wait_for_a_leader_when_there_is_none_yet()
    {
        var kit = new RoutingKit(new PartitionPhase.Electing());
        kit.Peers["node3"].WriteAnswers.Enqueue(RoutingKit.Committed);

        var writing = kit.Handle.WriteAsync(RoutingKit.Write, _deadline.Token).AsTask();
        Assert.False(writing.IsCompleted);
        kit.Lead("node3", 4);

        Assert.Same(RoutingKit.Committed, await writing);
    }

    [Fact]
    public async Task Should_follow_the_hint_when_the_one_asked_does_not_lead()
    {
        var kit = new RoutingKit();
        kit.Lead("node1", 3);
        kit.Peers["node1"].WriteAnswers.Enqueue(new WriteOutcome.NotLeader(new NodeId("node3"), new Epoch(5)));
        kit.Peers["node3"].WriteAnswers.Enqueue(RoutingKit.Committed);

        Assert.Same(RoutingKit.Committed, await kit.Handle.WriteAsync(RoutingKit.Write, _deadline.Token));
        Assert.Equal(new Epoch(5), kit.Peers["node3"].Writes[0].Command.Route.KnownEpoch);
    }

    [Fact]
    public async Task Should_try_again_when_the_write_certainly_reached_no_log()
    {
        var kit = new RoutingKit();
        kit.Lead("node1", 3);
        foreach (var outcome in (WriteOutcome[])[new WriteOutcome.NoLeader(), new WriteOutcome.Recovering(0.5), new WriteOutcome.WrongEpoch(null, new Epoch(4)), RoutingKit.Committed])
            kit.Peers["node1"].WriteAnswers.Enqueue(outcome);

        Assert.Same(RoutingKit.Committed, await kit.Handle.WriteAsync(RoutingKit.Write, _deadline.Token));
        Assert.Equal(4, kit.Peers["node1"].Writes.Count);
    }

    [Fact]
    public async Task Should_never_send_it_again_when_it_may_have_been_appended()
    {
        var kit = new RoutingKit();
        kit.Lead("node1", 3);
        kit.Peers["node1"].WriteAnswers.Enqueue(new WriteOutcome.OutcomeUnknown("broke off"));

        Assert.IsType<WriteOutcome.OutcomeUnknown>(await kit.Handle.WriteAsync(RoutingKit.Write, _deadline.Token));
        Assert.Single(kit.Peers["node1"].Writes);
    }

    [Fact]
    public async Task Should_answer_no_leader_when_the_deadline_passes_first()
    {
        var kit = new RoutingKit(new PartitionPhase.Electing());
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        Assert.IsType<WriteOutcome.NoLeader>(await kit.Handle.WriteAsync(RoutingKit.Write, soon.Token));
    }

    [Fact]
    public async Task Should_name_the_leader_and_ask_nobody_when_the_call_is_to_stay()
    {
        var kit = new RoutingKit();
        kit.Lead("node1", 3);

        var outcome = await kit.Handle.WriteAsync(RoutingKit.Write with { Route = new CallRoute(Stays: true) }, _deadline.Token);

        Assert.Equal(new WriteOutcome.NotLeader(new NodeId("node1"), new Epoch(3)), outcome);
        Assert.Empty(kit.Peers["node1"].Writes);
    }

    [Theory]
    [InlineData("elsewhere")]
    [InlineData("syncing")]
    [InlineData("damaged")]
    [InlineData("recovering")]
    public async Task Should_forward_when_this_node_has_nothing_to_answer_from(string phase)
    {
        var kit = new RoutingKit(phase switch
        {
            "elsewhere" => new PartitionPhase.Elsewhere(),
            "syncing" => new PartitionPhase.Syncing(0.5),
            "damaged" => new PartitionPhase.Damaged("rot"),
            _ => new PartitionPhase.Recovering(0.5, "replaying"),
        });
        kit.Lead("node1", 0);
        kit.Peers["node1"].WriteAnswers.Enqueue(RoutingKit.Committed);

        Assert.Same(RoutingKit.Committed, await kit.Handle.WriteAsync(RoutingKit.Write, _deadline.Token));
    }

    [Fact]
    public async Task Should_end_at_once_when_the_node_stops_meanwhile()
    {
        var kit = new RoutingKit();
        kit.Lead("node1", 3);
        kit.Peers["node1"].WriteAnswers.Enqueue(new WriteOutcome.NoLeader());
        kit.Peers["node1"].OnCall = () => kit.Status.Phase = new PartitionPhase.Stopping();

        Assert.IsType<WriteOutcome.NoLeader>(await kit.Handle.WriteAsync(RoutingKit.Write, _deadline.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Single(kit.Peers["node1"].Writes);
    }

    public void Dispose() => _deadline.Dispose();
}
