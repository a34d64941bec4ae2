using BitArk.Protocol;
using BitArk.Protocol.V1;
using Google.Protobuf;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

/// <summary>The size of a message over gRPC: the limit of the contract, and its error in the shape of all the others.</summary>
public sealed class MessageSizeSpecs(NodeFixture fixture) : IClassFixture<NodeFixture>
{
    private const int Limit = RequestLimits.MaxRequestBytes;

    public static TheoryData<int> TooLarge => [Limit + 1, 5_000_000, 100_000_000];

    [Fact]
    public async Task Should_reach_the_service_when_the_message_just_fits()
    {
        var error = await RefusalOfAsync(Limit);

        Assert.Equal((ErrorReason.InvalidArgument, "token"), (error.Reason, error.Metadata["field"]));
    }

    [Theory]
    [MemberData(nameof(TooLarge))]
    public async Task Should_refuse_with_the_reason_of_the_contract_when_the_message_is_too_large(int bytes)
    {
        var error = await RefusalOfAsync(bytes);

        Assert.Equal(ErrorReason.InvalidArgument, error.Reason);
        Assert.Contains($"exceeds {Limit} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_refuse_with_the_reason_of_the_contract_when_the_message_is_too_large_after_decompression()
    {
        var compressed = new CallOptions([new Metadata.Entry("grpc-internal-encoding-request", "gzip")]);

        var error = await RefusalOfAsync(Limit + 1, compressed);

        Assert.Contains($"exceeds {Limit} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_go_on_serving_on_the_connection_when_a_message_was_refused()
    {
        await RefusalOfAsync(5_000_000);

        var reply = await fixture.Node.ReadStatus.IsReadAsync(new IsReadRequest { User = 77, Channel = 2, Message = 3 });
        Assert.False(reply.Read);
    }

    [Fact]
    public async Task Should_refuse_with_the_reason_of_the_contract_when_the_client_states_the_length_of_the_body()
    {
        var body = new byte[5_000_005];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), 5_000_000);
        await AssertRefusedAsync(body);
    }

    [Fact]
    public async Task Should_call_it_the_clients_mistake_when_the_message_cannot_be_read() => await AssertRefusedAsync([0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF]);

    private async Task AssertRefusedAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/grpc");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{fixture.Node.Ports.GrpcAuthority}/bitark.v1.ReadStatus/Mark")
        {
            Content = content,
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.ParseAdd("trailers");

        using var answer = await http.SendAsync(request);

        Assert.Equal(["3"], answer.Headers.GetValues("grpc-status"));
        Assert.NotEmpty(answer.Headers.GetValues(BitArkHeaders.StatusDetails));
    }

    private async Task<ReadStatusError> RefusalOfAsync(int bytes, CallOptions options = default)
    {
        var request = new MarkRequest { User = 1, Channel = 2, UpTo = 3, Token = new string('t', bytes) };
        request.Token = new string('t', bytes - (request.CalculateSize() - bytes));
        Assert.Equal(bytes, request.CalculateSize());
        var error = await Assert.ThrowsAsync<RpcException>(async () => await fixture.Node.ReadStatus.MarkAsync(request, options));
        return ReadStatusErrors.FromException(error) ?? throw error;
    }
}
