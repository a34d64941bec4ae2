using BitArk.Cluster;
using BitArk.Node.Tests.Model;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

/// <summary>What a replica that does not lead answers from its own memory.</summary>
public sealed class FollowerReadSpecs : IAsyncLifetime
{
    private RunningNode _node = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _node = await RunningNode.StartAsync();
        _token = (await _node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 })).Token;
        _node.Model.Model[0].Known = new Leadership(new NodeId("node3"), new Epoch(4), IsLocal: false);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_answer_any_and_token_reads_when_it_follows_or_waits_for_a_leader(bool electing)
    {
        _node.Model.Model[0].Phase = electing ? new PartitionPhase.Electing() : new PartitionPhase.Following();
        foreach (var consistency in (Consistency[])[Consistency.Any, Consistency.Token])
            Assert.True((await _node.ReadStatus.IsReadAsync(Read(consistency))).Read);
    }

    [Fact]
    public async Task Should_name_the_leader_when_the_leaders_memory_is_asked_for_and_nobody_can_be_called()
    {
        _node.Model.Model[0].Phase = new PartitionPhase.Following();

        var error = await ErrorOfAsync(Read(Consistency.Leader));

        Assert.Equal((ErrorReason.NotLeader, "node3", "4"), (error.Reason, error.Metadata["leader"], error.Metadata["epoch"]));
    }

    [Fact]
    public async Task Should_answer_no_leader_when_none_is_known()
    {
        _node.Model.Model[0].Known = Leadership.None;
        _node.Model.Model[0].Phase = new PartitionPhase.Electing();

        Assert.Equal(ErrorReason.NoLeader, (await ErrorOfAsync(Read(Consistency.Leader))).Reason);
    }

    [Fact]
    public async Task Should_name_the_leader_when_it_is_behind_the_token()
    {
        _node.Model.Model[0].Phase = new PartitionPhase.Following();
        _node.Model.Model[0].NeverApplies = true;

        var error = await ErrorOfAsync(Read(Consistency.Token));

        Assert.Equal((ErrorReason.ReplicaBehind, "node3"), (error.Reason, error.Metadata["leader"]));
    }

    [Theory]
    [InlineData("syncing", "RECOVERING")]
    [InlineData("damaged", "STORAGE_FAILED")]
    [InlineData("elsewhere", "NO_LEADER")]
    [InlineData("learning", "NO_LEADER")]
    public async Task Should_answer_nothing_when_its_memory_is_none_of_the_history(string phase, string reason)
    {
        _node.Model.Model[0].Phase = phase switch
        {
            "syncing" => new PartitionPhase.Syncing(0.5),
            "damaged" => new PartitionPhase.Damaged("bit rot in /secret"),
            "learning" => new PartitionPhase.Learning(),
            _ => new PartitionPhase.Elsewhere(),
        };

        var error = await ErrorOfAsync(Read(Consistency.Any));

        Assert.Equal(reason, error.Reason.Name);
        Assert.DoesNotContain("/secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("following", "ready")]
    [InlineData("elsewhere", "ready")]
    [InlineData("electing", "electing")]
    [InlineData("syncing", "syncing")]
    [InlineData("learning", "learning")]
    [InlineData("damaged", "damaged")]
    public async Task Should_be_ready_when_its_reads_and_writes_can_succeed(string phase, string status)
    {
        _node.Model.Model[0].Phase = phase switch
        {
            "following" => new PartitionPhase.Following(),
            "electing" => new PartitionPhase.Electing(),
            "learning" => new PartitionPhase.Learning(),
            "syncing" => new PartitionPhase.Syncing(0.5),
            "damaged" => new PartitionPhase.Damaged("bit rot"),
            _ => new PartitionPhase.Elsewhere(),
        };

        using var answer = await _node.Http.GetAsync("/health/ready");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal(status == "ready", answer.IsSuccessStatusCode);
        Assert.Contains($"\"status\":\"{status}\"", text, StringComparison.Ordinal);
        Assert.Contains($"\"phase\":\"{phase}\"", text, StringComparison.Ordinal);
    }

    private IsReadRequest Read(Consistency consistency) => new() { User = 1, Channel = 2, Message = 3, Consistency = consistency, Token = consistency == Consistency.Token ? _token : "" };

    private async Task<ReadStatusError> ErrorOfAsync(IsReadRequest request) =>
        ReadStatusErrors.FromException(await Assert.ThrowsAsync<RpcException>(() => _node.ReadStatus.IsReadAsync(request).ResponseAsync))!;
}
