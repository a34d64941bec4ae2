using BitArk.Node.Tests.Model;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

public sealed class TokenSpecs
{
    private const int Partitions = 4;

    /// <summary>A user of each partition.</summary>
    private static readonly long[] Users =
        [.. Enumerable.Range(0, Partitions).Select(p => Enumerable.Range(0, 1000).First(u => PartitionId.Of(new UserId(u), Partitions).Value == p))];

    [Fact]
    public async Task Should_cover_the_request_token_and_what_the_call_saw_when_answering()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(Partitions));
        var first = await node.ReadStatus.MarkAsync(new MarkRequest { User = Users[2], Channel = 1, UpTo = 3 });
        var second = await node.ReadStatus.MarkAsync(new MarkRequest { User = Users[1], Channel = 1, UpTo = 3, Token = first.Token });
        var third = await node.ReadStatus.IsReadAsync(new IsReadRequest { User = Users[0], Channel = 1, Message = 3, Token = second.Token });

        Assert.Equal([2], PartitionsOf(first.Token));
        Assert.Equal([1, 2], PartitionsOf(second.Token));
        Assert.Equal([0, 1, 2], PartitionsOf(third.Token));
        Assert.True(Covers(third.Token, second.Token) && Covers(second.Token, first.Token));
    }

    [Fact]
    public async Task Should_cover_every_partition_asked_when_readers_live_in_many()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(Partitions));

        var reply = await node.ReadStatus.ReadersAsync(new ReadersRequest { Channel = 1, Message = 1, Users = { Users[3], Users[0] } });

        Assert.Equal([0, 3], PartitionsOf(reply.Token));
    }

    [Fact]
    public async Task Should_carry_a_token_that_covers_the_write_when_anything_is_read_afterwards()
    {
        await using var node = await RunningNode.StartAsync();
        var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        var client = node.ReadStatus;

        string[] tokens =
        [
            (await client.IsReadAsync(new IsReadRequest { User = 5, Channel = 2, Message = 1 })).Token,
            (await client.AreReadAsync(new AreReadRequest { User = 5, Items = { new ChannelMessages { Channel = 1, Messages = { 1 } } } })).Token,
            (await client.ReadStateAsync(new ReadStateRequest { User = 5, Channel = 1 })).Token,
            (await client.UnreadAsync(new UnreadRequest { User = 5 })).Token,
            (await client.ReadersAsync(new ReadersRequest { Channel = 1, Message = 1, Users = { 1 } })).Token,
            (await client.UnmarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 })).Token,
        ];

        Assert.All(tokens, token => Assert.True(Covers(token, written.Token)));
    }

    [Theory]
    [InlineData(Consistency.Leader)]
    [InlineData(Consistency.Token)]
    public async Task Should_answer_token_lost_when_the_token_lies_beyond_the_log(Consistency consistency)
    {
        await using var node = await RunningNode.StartAsync();

        foreach (var (epoch, lsn) in new[] { (1L, 1_000_000L), (9L, 64L) })
        {
            var request = new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = consistency, Token = Token(ModelNode.Cluster, epoch, lsn) };
            Assert.Equal(ErrorReason.TokenLost, await ReasonOfAsync(() => node.ReadStatus.IsReadAsync(request).ResponseAsync));
        }
    }

    [Theory]
    [InlineData(Consistency.Leader)]
    [InlineData(Consistency.Token)]
    public async Task Should_answer_token_lost_when_the_history_was_cut_while_the_position_was_waited_for(Consistency consistency)
    {
        await using var node = await RunningNode.StartAsync();
        var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        node.Model.Model[0].IsCutWhileWaiting = true;

        var request = new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = consistency, Token = written.Token };

        Assert.Equal(ErrorReason.TokenLost, await ReasonOfAsync(() => node.ReadStatus.IsReadAsync(request).ResponseAsync));
    }

    [Fact]
    public async Task Should_write_nothing_when_a_writes_token_lies_beyond_the_log()
    {
        await using var node = await RunningNode.StartAsync();
        var request = new MarkRequest { User = 1, Channel = 2, UpTo = 3, Token = Token(ModelNode.Cluster, 9, 64) };

        Assert.Equal(ErrorReason.TokenLost, await ReasonOfAsync(() => node.ReadStatus.MarkAsync(request).ResponseAsync));
        Assert.Empty(node.Model.Model[0].Written);
    }

    [Fact]
    public async Task Should_write_nothing_anywhere_when_one_partitions_token_is_lost()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(Partitions));
        var request = new WriteRequest { Token = SessionToken.Format(ModelNode.Cluster, new TokenEntry(new PartitionId(Partitions - 1), new Epoch(9), new Lsn(64))) };
        foreach (var user in Users)
            request.Operations.Add(new Operation { User = user, Channel = 1, Mark = new MessageIds { UpTo = 3 } });

        Assert.Equal(ErrorReason.TokenLost, await ReasonOfAsync(() => node.ReadStatus.WriteAsync(request).ResponseAsync));
        Assert.All(node.Model.Model, partition => Assert.Empty(partition.Written));
    }

    [Fact]
    public async Task Should_not_walk_the_tables_when_memory_covers_the_token()
    {
        await using var node = await RunningNode.StartAsync();
        var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });

        await node.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3, Token = written.Token });
        await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 4, Token = written.Token });

        Assert.Equal(0, node.Model.Model[0].PositionsAsked);
    }

    [Fact]
    public async Task Should_answer_token_lost_when_the_token_is_of_another_cluster()
    {
        await using var node = await RunningNode.StartAsync();
        var foreign = Token(ClusterId.NewRandom(), 1, 64);

        foreach (var consistency in Enum.GetValues<Consistency>())
        {
            var read = new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = consistency, Token = foreign };
            Assert.Equal(ErrorReason.TokenLost, await ReasonOfAsync(() => node.ReadStatus.IsReadAsync(read).ResponseAsync));
        }

        var write = new MarkRequest { User = 1, Channel = 2, UpTo = 3, Token = foreign };
        Assert.Equal(ErrorReason.TokenLost, await ReasonOfAsync(() => node.ReadStatus.MarkAsync(write).ResponseAsync));
    }

    [Fact]
    public async Task Should_name_the_token_when_it_speaks_of_a_partition_that_cannot_be()
    {
        await using var node = await RunningNode.StartAsync();
        var token = SessionToken.Format(ModelNode.Cluster, new TokenEntry(new PartitionId(1), new Epoch(1), new Lsn(64)));

        var e = await Assert.ThrowsAsync<RpcException>(async () => await node.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3, Token = token }));

        Assert.Equal("token", ReadStatusErrors.FromException(e)!.Metadata["field"]);
    }

    [Fact]
    public async Task Should_answer_replica_behind_when_the_position_is_not_reached_in_time()
    {
        await using var node = await RunningNode.StartAsync();
        var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        node.Model.Model[0].NeverApplies = true;
        var request = new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = Consistency.Token, Token = written.Token };

        var e = await Assert.ThrowsAsync<RpcException>(async () => await node.ReadStatus.IsReadAsync(request));

        var error = ReadStatusErrors.FromException(e)!;
        Assert.Equal((ErrorReason.ReplicaBehind, "node1"), (error.Reason, error.Metadata["leader"]));
    }

    [Fact]
    public async Task Should_answer_at_once_when_any_state_will_do()
    {
        await using var node = await RunningNode.StartAsync();
        var written = await node.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        node.Model.Model[0].NeverApplies = true;

        var reply = await node.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = Consistency.Any, Token = written.Token });

        Assert.True(reply.Read);
    }

    private static string Token(ClusterId cluster, long epoch, long lsn) =>
        SessionToken.Format(cluster, new TokenEntry(new PartitionId(0), new Epoch(epoch), new Lsn(lsn)));

    private static int[] PartitionsOf(string token) => [.. Parse(token).Entries.ToArray().Select(entry => entry.Partition.Value)];

    private static bool Covers(string token, string earlier) => Parse(token).Merge(Parse(earlier)).Equals(Parse(token));

    private static SessionToken Parse(string token) =>
        SessionToken.TryParse(token, out var parsed, out var failure) ? parsed : throw new FormatException(failure.ToString());

    private static async Task<ErrorReason> ReasonOfAsync<T>(Func<Task<T>> call) =>
        ReadStatusErrors.FromException(await Assert.ThrowsAsync<RpcException>(call))!.Reason;
}
