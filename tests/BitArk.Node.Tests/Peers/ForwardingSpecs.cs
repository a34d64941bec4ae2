using System.Net;
using BitArk.Cluster;
using BitArk.Node.Tests.Model;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Peers;

/// <summary>Two hosts: node1 leads, node2 has no data of its own.</summary>
public sealed class ForwardingSpecs : IAsyncLifetime
{
    private static readonly string Scattered = """{"user": 1, "channel": 2, "upTo": 9, "messages": [12, 14]}""";

    private RunningNode _leader = null!;
    private RunningNode _other = null!;
    private FollowerNode _follower = null!;

    private ModelPartition Partition => _leader.Model.Model[0];

    public async Task InitializeAsync()
    {
        _leader = await RunningNode.StartAsync();
        (_other, _follower) = await FollowerNode.StartAsync(_leader.Ports.GrpcAuthority);
    }

    public async Task DisposeAsync()
    {
        await _other.DisposeAsync();
        _other.Data.Dispose();
        await _leader.DisposeAsync();
    }

    [Fact]
    public async Task Should_write_at_the_leader_once_when_marked_elsewhere()
    {
        var reply = await _other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 9, Session = 5, Sequence = 1 });
        await _other.ReadStatus.WriteAsync(new WriteRequest { Operations = { new Operation { Namespace = "mail", User = 1, Channel = 2, Unmark = new MessageIds { Messages = { 3 } } } } });

        Assert.Equal(9, reply.Changed);
        Assert.Equal(SessionToken.Format(ModelNode.Cluster, new TokenEntry(new PartitionId(0), new Epoch(1), new Lsn(128))), reply.Token);
        Assert.Equal(2, Partition.Written.Count);
        Assert.Equal((new SessionId(5), 1L), (Partition.Written[0].Session, Partition.Written[0].Sequence));
        Assert.Equal((OperationKind.Unmark, new NamespaceId(7)), (Partition.Written[1].Operations.Span[0].Kind, Partition.Written[1].Operations.Span[0].Namespace));
        Assert.All(Partition.Written, write => Assert.True(write.Route.Stays));
    }

    [Theory]
    [InlineData("/v1/users/1/channels/2/messages/12")]
    [InlineData("/v1/users/1/channels/2?head=20&maxRanges=10")]
    [InlineData("/v1/users/1/channels/2?maxRanges=1")]
    [InlineData("/v1/are-read", """{"user": 1, "items": [{"channel": 2, "messages": [9, 10, 12]}, {"channel": 3, "messages": [1]}, {"channel": 4}]}""")]
    [InlineData("/v1/unread", """{"user": 1, "channels": [{"channel": 2, "head": 20}, {"channel": 3, "head": 4}, {"channel": 4, "head": 0}]}""")]
    [InlineData("/v1/readers", """{"channel": 2, "message": 12, "users": [1, 5, 1]}""")]
    [InlineData("/v1/users/1/channels/2/bitmap")]
    public async Task Should_answer_the_same_at_every_node_when_read(string path, string? body = null)
    {
        await _other.Http.PostForTextAsync("/v1/mark", Scattered);
        var answers = new List<string>();
        foreach (var node in (RunningNode[])[_leader, _other])
            answers.Add(body is null ? await node.Http.GetForTextAsync(path) : await node.Http.PostForTextAsync(path, body));

        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public async Task Should_stream_an_export_of_any_size_when_it_is_elsewhere()
    {
        // Straight into the model, which is slow with many ranges: no deadline is to pass meanwhile.
        var far = Enumerable.Range(0, 4000).Select(i => 1_000_000_000_000_000_000 + (i * 2L));
        MarkOperation[] many = [.. far.Select(id => new MarkOperation(OperationKind.Mark, default, new UserId(1), new ChannelId(2), new MessageRange(id, id)))];
        await Partition.WriteAsync(new WriteCommand(many), CancellationToken.None);

        var exports = new List<byte[]>();
        foreach (var node in (RunningNode[])[_leader, _other])
        {
            using var call = node.ReadStatus.Export(new ReadStateRequest { User = 1, Channel = 2 });
            var bytes = new List<byte>();
            await foreach (var chunk in call.ResponseStream.ReadAllAsync())
                bytes.AddRange(chunk.Data);
            exports.Add([.. bytes]);
        }

        Assert.True(exports[0].Length > 128 * 1024);
        Assert.Equal(exports[0], exports[1]);
    }

    [Fact]
    public async Task Should_answer_from_any_replica_when_any_state_will_do()
    {
        await _other.Http.PostForTextAsync("/v1/mark", Scattered);
        Partition.Phase = new PartitionPhase.Following();
        Partition.Known = new Leadership(new NodeId("node3"), new Epoch(1), IsLocal: false);

        var reply = await _other.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 12, Consistency = Consistency.Any });

        Assert.True(reply.Read);
    }

    [Theory]
    [InlineData(Consistency.Leader)]
    [InlineData(Consistency.Token)]
    public async Task Should_cover_the_sessions_token_or_say_why_not_when_it_travels(Consistency consistency)
    {
        var written = await _other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        var request = new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = consistency, Token = written.Token };
        Assert.True((await _other.ReadStatus.IsReadAsync(request)).Read);

        Partition.NeverApplies = true;
        Assert.Equal(ErrorReason.ReplicaBehind, (await ErrorOfAsync(_other.ReadStatus.IsReadAsync(request))).Reason);

        request.Token = SessionToken.Format(ModelNode.Cluster, new TokenEntry(new PartitionId(0), new Epoch(1), new Lsn(1_000_000)));
        Assert.Equal(ErrorReason.TokenLost, (await ErrorOfAsync(_other.ReadStatus.IsReadAsync(request))).Reason);
    }

    [Fact]
    public async Task Should_answer_token_lost_when_the_history_was_cut_while_the_position_was_waited_for_elsewhere()
    {
        var written = await _other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 });
        Partition.IsCutWhileWaiting = true;

        var request = new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = Consistency.Leader, Token = written.Token };

        Assert.Equal(ErrorReason.TokenLost, (await ErrorOfAsync(_other.ReadStatus.IsReadAsync(request))).Reason);
    }

    /// <summary>Forwarded LEADER reads once went past the lease: a leader that had been cut off answered them from a memory that was out of date.</summary>
    [Fact]
    public async Task Should_leave_it_to_the_leaders_lease_whether_a_forwarded_read_is_answered()
    {
        var asked = new List<CallRoute>();
        Partition.OnLeaderReads = route =>
        {
            asked.Add(route);
            throw new ReadRefusedException(new ReadRefusal.StorageFailed());
        };

        var read = await ErrorOfAsync(_other.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 }));
        using var export = _other.ReadStatus.Export(new ReadStateRequest { User = 1, Channel = 2 });
        var exported = await Assert.ThrowsAsync<RpcException>(() => export.ResponseStream.MoveNext(CancellationToken.None));
        await _other.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3, Consistency = Consistency.Any });

        Assert.Equal(ErrorReason.StorageFailed, read.Reason);
        Assert.Equal(ErrorReason.StorageFailed, ReadStatusErrors.FromException(exported)?.Reason);
        Assert.Equal([true, true], asked.Select(route => route.Stays));
    }

    [Fact]
    public async Task Should_name_leader_and_epoch_when_a_call_is_not_to_be_forwarded()
    {
        var stay = new Metadata { { BitArkHeaders.NoForward, "1" } };
        var write = await ErrorOfAsync(_other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 }, stay));
        _follower.Status.Phase = new PartitionPhase.Following();
        var read = await ErrorOfAsync(_other.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 }, stay));

        Assert.All((ReadStatusError[])[write, read], error => Assert.Equal((ErrorReason.NotLeader, "node1", "1"), (error.Reason, error.Metadata["leader"], error.Metadata["epoch"])));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/users/1/channels/2/messages/3") { Headers = { { BitArkHeaders.NoForward, "1" } } };
        using var answer = await _other.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Empty(Partition.Written);
    }

    [Fact]
    public async Task Should_answer_wrong_epoch_when_the_callers_route_is_of_another()
    {
        var route = new Metadata { { BitArkHeaders.Epoch, "9" } };

        var error = await ErrorOfAsync(_leader.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 }, route));

        Assert.Equal((ErrorReason.WrongEpoch, "node1", "1"), (error.Reason, error.Metadata["leader"], error.Metadata["epoch"]));
    }

    [Theory]
    [InlineData(BitArkHeaders.NoForward, "yes")]
    [InlineData(BitArkHeaders.Epoch, "-1")]
    public async Task Should_name_the_header_when_it_makes_no_sense(string header, string value)
    {
        var error = await ErrorOfAsync(_leader.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 }, new Metadata { { header, value } }));

        Assert.Equal((ErrorReason.InvalidArgument, header), (error.Reason, error.Metadata["field"]));
    }

    [Fact]
    public async Task Should_carry_every_refusal_of_the_leader_when_a_write_travels()
    {
        Partition.Refusal = new WriteOutcome.DiskLow(10, 20);

        var error = await ErrorOfAsync(_other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 }));

        Assert.Equal((ErrorReason.DiskLow, "10"), (error.Reason, error.Metadata["freeBytes"]));
    }

    [Fact]
    public async Task Should_answer_no_leader_within_the_deadline_when_the_leader_cannot_be_reached()
    {
        _follower.Nodes = [_follower.Nodes[0] with { GrpcAuthority = $"127.0.0.1:{ClosedPort()}" }];

        Assert.Equal(ErrorReason.NoLeader, (await ErrorOfAsync(_other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 }, BoundAt(700)))).Reason);
        Assert.Equal(ErrorReason.NoLeader, (await ErrorOfAsync(_other.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 }, BoundAt(700)))).Reason);
    }

    [Fact]
    public async Task Should_answer_outcome_unknown_and_not_send_again_when_the_leader_goes_after_it_was_sent()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Partition.NeverConfirms = true;
        Partition.OnWrite = arrived.SetResult;
        var writing = ErrorOfAsync(_other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 }, BoundAt(20_000)));
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await _leader.AbortConnectionsAsync();

        Assert.Equal(ErrorReason.OutcomeUnknown, (await writing.WaitAsync(TimeSpan.FromSeconds(15))).Reason);
    }

    [Fact]
    public async Task Should_answer_outcome_unknown_when_the_deadline_passes_at_the_leader()
    {
        Partition.NeverConfirms = true;

        Assert.Equal(ErrorReason.OutcomeUnknown, (await ErrorOfAsync(_other.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 }, BoundAt(300)))).Reason);
    }

    [Fact]
    public async Task Should_refuse_and_count_a_caller_of_another_cluster()
    {
        var (host, _) = await FollowerNode.StartAsync(_leader.Ports.GrpcAuthority, ClusterId.NewRandom());
        await using (host)
        {
            Assert.Equal(ErrorReason.NoLeader, (await ErrorOfAsync(host.ReadStatus.MarkAsync(new MarkRequest { User = 1, Channel = 2, UpTo = 3 }, BoundAt(300)))).Reason);
            Assert.Empty(Partition.Written);
            Assert.Contains("bitark_peer_foreign_total", await _leader.Http.GetForTextAsync("/metrics"), StringComparison.Ordinal);
            Assert.Contains("outcome=\"FailedPrecondition\"", await host.Http.GetForTextAsync("/metrics"), StringComparison.Ordinal);
        }

        host.Data.Dispose();
    }

    [Fact]
    public async Task Should_have_no_form_over_http_when_a_service_is_for_nodes_alone()
    {
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new("application/grpc");
        using var answer = await _leader.Http.PostAsync("/bitark.internal.v1.Peer/Write", content);

        Assert.False(answer.IsSuccessStatusCode);
    }

    // Not gRPC's own deadline: at that the client stops listening for the answer.
    private static Metadata BoundAt(int milliseconds) => new() { { BitArkHeaders.TimeoutMilliseconds, $"{milliseconds}" } };

    private static int ClosedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<ReadStatusError> ErrorOfAsync<T>(AsyncUnaryCall<T> call)
    {
        var e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        return ReadStatusErrors.FromException(e) ?? throw new InvalidOperationException(e.ToString());
    }
}
