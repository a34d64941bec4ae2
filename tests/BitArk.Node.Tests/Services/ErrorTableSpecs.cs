using System.Net;
using BitArk.Cluster;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

/// <summary>Each row of the contract's error table that one node can produce, through both doors.</summary>
public sealed class ErrorTableSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>, IDisposable
{
    private static readonly Dictionary<string, WriteOutcome> Refusals = new()
    {
        ["NO_LEADER"] = new WriteOutcome.NoLeader(),
        ["OUTCOME_UNKNOWN"] = new WriteOutcome.OutcomeUnknown("the disk failed"),
        ["SESSION_EXPIRED"] = new WriteOutcome.SessionExpired(17),
        ["OVERLOADED"] = new WriteOutcome.Overloaded(TimeSpan.FromMilliseconds(1200)),
        ["DISK_LOW"] = new WriteOutcome.DiskLow(10, 20),
        ["MEMORY_LIMIT"] = new WriteOutcome.MemoryLimit(30, 20),
        ["RECOVERING"] = new WriteOutcome.Recovering(0.5),
        ["STORAGE_FAILED"] = new WriteOutcome.StorageFailed("EIO"),
        ["INVALID_ARGUMENT"] = new WriteOutcome.TooLarge(200, 100),
    };

    public static TheoryData<string, StatusCode, int> Writes => new()
    {
        { "NO_LEADER", StatusCode.Unavailable, 503 },
        { "OUTCOME_UNKNOWN", StatusCode.Unavailable, 503 },
        { "SESSION_EXPIRED", StatusCode.Aborted, 409 },
        { "OVERLOADED", StatusCode.ResourceExhausted, 429 },
        { "DISK_LOW", StatusCode.ResourceExhausted, 507 },
        { "MEMORY_LIMIT", StatusCode.ResourceExhausted, 507 },
        { "RECOVERING", StatusCode.Unavailable, 503 },
        { "STORAGE_FAILED", StatusCode.Internal, 500 },
        { "INVALID_ARGUMENT", StatusCode.InvalidArgument, 400 },
    };

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Should_answer_the_row_of_the_contract_when_a_write_is_refused(string reason, StatusCode grpc, int http)
    {
        fixture.Node.Model.Model[0].Refusal = Refusals[reason];
        var mark = new MarkRequest { User = 1, Channel = 2, UpTo = 3 };
        var batch = new WriteRequest { Operations = { new Operation { User = 1, Channel = 2, Unmark = new MessageIds { UpTo = 3 } } } };

        await AssertGrpcAsync(reason, grpc, () => fixture.Node.ReadStatus.MarkAsync(mark).ResponseAsync);
        await AssertGrpcAsync(reason, grpc, () => fixture.Node.ReadStatus.WriteAsync(batch).ResponseAsync);
        var error = await fixture.Node.Http.PostJsonAsync("/v1/unmark", """{"user": 1, "channel": 2, "upTo": 3}""").ErrorOfAsync();
        Assert.Equal((reason, (HttpStatusCode)http, (int)grpc), (error.Reason, error.Status, error.Code));
    }

    [Fact]
    public async Task Should_say_when_to_come_back_when_overloaded()
    {
        fixture.Node.Model.Model[0].Refusal = Refusals["OVERLOADED"];

        var error = await fixture.Node.Http.PostJsonAsync("/v1/mark", """{"user": 1, "channel": 2, "upTo": 3}""").ErrorOfAsync();

        Assert.Equal(TimeSpan.FromSeconds(2), error.RetryAfter);
        Assert.Equal(("2", "1200"), (error.Metadata["retry-after"], error.Metadata["retryAfterMs"]));
    }

    [Theory]
    [InlineData("RECOVERING", StatusCode.Unavailable, 503)]
    [InlineData("NO_LEADER", StatusCode.Unavailable, 503)]
    [InlineData("STORAGE_FAILED", StatusCode.Internal, 500)]
    public async Task Should_refuse_reads_and_admin_calls_when_the_replica_does_not_serve(string reason, StatusCode grpc, int http)
    {
        fixture.Node.Model.Model[0].Phase = reason switch
        {
            "RECOVERING" => new PartitionPhase.Recovering(0.25, "replaying the log"),
            "NO_LEADER" => new PartitionPhase.Stopping(),
            _ => new PartitionPhase.Failed("EIO"),
        };

        await AssertGrpcAsync(reason, grpc, () => fixture.Node.ReadStatus.IsReadAsync(new IsReadRequest { User = 1, Channel = 2, Message = 3 }).ResponseAsync);
        await AssertGrpcAsync(reason, grpc, () => fixture.Node.ReadStatus.ReadersAsync(new ReadersRequest { Channel = 2, Message = 3, Users = { 1 } }).ResponseAsync);
        await AssertGrpcAsync(reason, grpc, () => fixture.Node.Admin.SnapshotAsync(new PartitionRequest()).ResponseAsync);
        await AssertGrpcAsync(reason, grpc, () => fixture.Node.Admin.CollectAsync(new PartitionRequest { Partition = 0 }).ResponseAsync);
        foreach (var path in new[] { "/v1/users/1/channels/2/messages/3", "/v1/users/1/channels/2", "/v1/users/1/channels/2/bitmap" })
        {
            var error = await fixture.Node.Http.GetAsync(path).ErrorOfAsync();
            Assert.Equal((reason, (HttpStatusCode)http), (error.Reason, error.Status));
        }
    }

    [Fact]
    public async Task Should_show_the_progress_when_recovering()
    {
        fixture.Node.Model.Model[0].Phase = new PartitionPhase.Recovering(0.25, "replaying the log");

        var error = await fixture.Node.Http.GetAsync("/v1/users/1/channels/2/messages/3").ErrorOfAsync();

        Assert.Equal("0.25", error.Metadata["progress"]);
    }

    [Fact]
    public async Task Should_name_the_field_over_grpc_when_a_request_is_invalid()
    {
        var request = new WriteRequest
        {
            Operations =
            {
                new Operation { User = 1, Channel = 2, Mark = new MessageIds { UpTo = 3 } },
                new Operation { Channel = 2, Mark = new MessageIds { UpTo = 3 } },
            },
        };

        var error = await AssertGrpcAsync("INVALID_ARGUMENT", StatusCode.InvalidArgument, () => fixture.Node.ReadStatus.WriteAsync(request).ResponseAsync);

        Assert.Equal("operations[1].user", error.Metadata["field"]);
        Assert.Empty(fixture.Node.Model.Model[0].Written);
    }

    [Theory]
    [InlineData("/bitark.v1.ReadStatus/Nothing")]
    [InlineData("/bitark.v1.Nothing/Mark")]
    public async Task Should_answer_unimplemented_over_grpc_when_there_is_no_such_method(string path)
    {
        var parts = path.Split('/');
        var method = new Method<ClusterRequest, ClusterReply>(
            MethodType.Unary,
            parts[1],
            parts[2],
            Marshallers.Create(_ => Array.Empty<byte>(), _ => new ClusterRequest()),
            Marshallers.Create(_ => Array.Empty<byte>(), _ => new ClusterReply()));

        using var call = fixture.Node.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, new ClusterRequest());

        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
    }

    public void Dispose()
    {
        fixture.Node.Model.Model[0].Refusal = null;
        fixture.Node.Model.Model[0].Phase = new PartitionPhase.Serving();
    }

    private static async Task<ReadStatusError> AssertGrpcAsync<T>(string reason, StatusCode status, Func<Task<T>> call)
    {
        var e = await Assert.ThrowsAsync<RpcException>(call);
        var error = ReadStatusErrors.FromException(e);
        Assert.NotNull(error);
        Assert.Equal((reason, status), (error.Reason.Name, e.StatusCode));
        return error;
    }
}
