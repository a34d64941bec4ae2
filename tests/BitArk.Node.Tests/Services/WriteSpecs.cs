using BitArk.Cluster;
using BitArk.Node.Tests.Model;
using BitArk.Protocol.V1;

namespace BitArk.Node.Tests.Services;

public sealed class WriteSpecs
{
    private const int Partitions = 4;

    [Fact]
    public async Task Should_answer_in_the_order_asked_when_operations_go_to_many_partitions()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(Partitions));
        var request = new WriteRequest();
        for (var user = 0; user < 40; user++)
            request.Operations.Add(new Operation { User = user, Channel = 7, Mark = new MessageIds { UpTo = user + 1 } });

        var reply = await node.ReadStatus.WriteAsync(request);

        Assert.Equal(Enumerable.Range(1, 40).Select(n => (long)n), reply.Results.Select(r => r.Changed));
        Assert.All(node.Model.Model, partition => Assert.Single(partition.Written));
        Assert.All(node.Model.Model, partition => Assert.All(
            partition.Written[0].Operations.ToArray(),
            operation => Assert.Equal(partition.Id, PartitionId.Of(operation.User, Partitions))));
    }

    [Fact]
    public async Task Should_tell_which_operations_failed_when_one_partition_refuses()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(Partitions));
        node.Model.Model[2].Refusal = new WriteOutcome.DiskLow(1, 2);
        var request = new WriteRequest();
        for (var user = 0; user < 20; user++)
            request.Operations.Add(new Operation { User = user, Channel = 7, Mark = new MessageIds { Messages = { 1, 5 } } });

        var reply = await node.ReadStatus.WriteAsync(request);

        for (var user = 0; user < 20; user++)
        {
            var refused = PartitionId.Of(new UserId(user), Partitions).Value == 2;
            Assert.Equal(refused ? "DISK_LOW" : null, reply.Results[user].Error?.Reason);
            Assert.Equal(refused ? 0 : 2, reply.Results[user].Changed);
        }
    }

    [Fact]
    public async Task Should_write_nothing_anywhere_when_one_operation_is_invalid()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(Partitions));
        var request = new WriteRequest();
        for (var user = 0; user < 20; user++)
            request.Operations.Add(new Operation { User = user, Channel = 7, Mark = new MessageIds { UpTo = 1 } });
        request.Operations.Add(new Operation { User = 20, Channel = -7, Mark = new MessageIds { UpTo = 1 } });

        await Assert.ThrowsAsync<Grpc.Core.RpcException>(async () => await node.ReadStatus.WriteAsync(request));

        Assert.All(node.Model.Model, partition => Assert.Empty(partition.Written));
    }

    [Fact]
    public async Task Should_keep_the_order_and_pass_session_and_namespace_on_when_writing()
    {
        await using var node = await RunningNode.StartAsync();
        var request = new WriteRequest
        {
            Session = 8,
            Sequence = 3,
            Operations =
            {
                new Operation { Namespace = "mail", User = 1, Channel = 2, Mark = new MessageIds { Messages = { 4 }, Ranges = { new Protocol.V1.Range { From = 6, To = 9 } }, UpTo = 2 } },
                new Operation { Namespace = "mail", User = 1, Channel = 2, Unmark = new MessageIds { UpTo = 9 } },
            },
        };

        var reply = await node.ReadStatus.WriteAsync(request);

        Assert.Equal([7, 7], reply.Results.Select(r => r.Changed));
        var command = Assert.Single(node.Model.Model[0].Written);
        Assert.Equal((new SessionId(8), 3L), (command.Session, command.Sequence));
        Assert.All(command.Operations.ToArray(), operation => Assert.Equal(new NamespaceId(7), operation.Namespace));
        Assert.Equal(
            [new MessageRange(4, 4), new MessageRange(6, 9), new MessageRange(1, 2), new MessageRange(1, 9)],
            command.Operations.ToArray().Select(operation => operation.Range));
    }
}
