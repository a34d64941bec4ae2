using BitArk.Cluster;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

/// <summary>What errors must not carry: this machine's paths, and the caller's own text without bound.</summary>
public sealed class DiscretionSpecs
{
    private const string Secret = "/srv/secret/partitions/0/wal/0000000000000000.wal";

    [Fact]
    public async Task Should_keep_paths_to_itself_when_a_partition_has_failed()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].Phase = new PartitionPhase.Failed($"fdatasync '{Secret}' failed");

        string[] answers =
        [
            await (await node.Http.GetAsync("/health/ready")).Content.ReadAsStringAsync(),
            await (await node.Http.GetAsync("/v1/cluster")).Content.ReadAsStringAsync(),
            (await node.Http.GetAsync("/v1/users/1/channels/2/messages/3").ErrorOfAsync()).Message,
            (await node.Http.PostJsonAsync("/v1/admin/snapshot", "{}").ErrorOfAsync()).Message,
        ];

        Assert.All(answers, answer => Assert.DoesNotContain("secret", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_keep_paths_to_itself_when_a_write_fails()
    {
        await using var node = await RunningNode.StartAsync();
        foreach (var refusal in new WriteOutcome[] { new WriteOutcome.StorageFailed(Secret), new WriteOutcome.OutcomeUnknown(Secret) })
        {
            node.Model.Model[0].Refusal = refusal;
            var error = await node.Http.PostJsonAsync("/v1/mark", """{"user": 1, "channel": 2, "upTo": 3}""").ErrorOfAsync();
            Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_shorten_the_callers_text_when_it_is_long()
    {
        await using var node = await RunningNode.StartAsync();
        var name = new string('n', 100_000);

        var write = await Assert.ThrowsAsync<RpcException>(async () => await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3, Namespace = name }));
        var move = await Assert.ThrowsAsync<RpcException>(async () => await node.Admin.TransferLeaderAsync(new TransferLeaderRequest { Partition = 0, Node = name }));

        Assert.InRange(write.Status.Detail.Length, 1, 200);
        Assert.InRange(move.Status.Detail.Length, 1, 200);
    }

    [Fact]
    public async Task Should_stop_at_the_largest_number_when_changes_add_up_beyond_it()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].Refusal = new WriteOutcome.Committed(new Epoch(1), new Lsn(64), [long.MaxValue - 1, long.MaxValue - 1]);

        var reply = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, Messages = { 1, 2 } });

        Assert.Equal(long.MaxValue, reply.Changed);
    }
}
