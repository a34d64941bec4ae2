using Google.Rpc;
using Grpc.Core;

namespace BitArk.Protocol.Tests.Errors;

public sealed class ReadStatusErrorsSpecs
{
    [Fact]
    public void Should_carry_reason_domain_and_facts_when_thrown()
    {
        var exception = ReadStatusError.Invalid("operations[3].user", "is required").ToException();

        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Equal("operations[3].user: is required", exception.Status.Detail);
        var status = Google.Rpc.Status.Parser.ParseFrom(exception.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((3, "operations[3].user: is required"), (status.Code, status.Message));
        var info = Assert.Single(status.Details).Unpack<ErrorInfo>();
        Assert.Equal(("INVALID_ARGUMENT", "bitark", "operations[3].user"), (info.Reason, info.Domain, info.Metadata["field"]));
    }

    [Fact]
    public void Should_be_read_back_when_a_client_catches_it()
    {
        var sent = new ReadStatusError(ErrorReason.ReplicaBehind, "behind", "leader", "node2");

        var caught = ReadStatusErrors.FromException(sent.ToException());

        Assert.NotNull(caught);
        Assert.Equal((sent.Reason, sent.Message, "node2"), (caught.Reason, caught.Message, caught.Metadata["leader"]));
    }

    [Fact]
    public void Should_tell_when_to_come_back_when_overloaded()
    {
        var error = new ReadStatusError(ErrorReason.Overloaded, "busy", "retry-after", "1");

        Assert.Equal("1", error.ToException().Trailers.GetValue("retry-after"));
    }

    [Fact]
    public void Should_read_nothing_when_the_details_are_not_of_bitark()
    {
        var foreign = new Metadata { { "grpc-status-details-bin", new byte[] { 0xFF, 0xFF, 0xFF } } };

        Assert.Null(ReadStatusErrors.FromException(new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "no"))));
        Assert.Null(ReadStatusErrors.FromException(new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "no"), foreign)));
    }
}
