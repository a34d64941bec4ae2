using Grpc.Core;

namespace BitArk.Protocol.Tests.Errors;

public sealed class ErrorReasonSpecs
{
    public static TheoryData<string, StatusCode, int> Contract => new()
    {
        { "INVALID_ARGUMENT", StatusCode.InvalidArgument, 400 },
        { "NOT_LEADER", StatusCode.Aborted, 409 },
        { "WRONG_EPOCH", StatusCode.Aborted, 409 },
        { "NO_LEADER", StatusCode.Unavailable, 503 },
        { "OUTCOME_UNKNOWN", StatusCode.Unavailable, 503 },
        { "REPLICA_BEHIND", StatusCode.Unavailable, 503 },
        { "TOKEN_LOST", StatusCode.Aborted, 409 },
        { "SESSION_EXPIRED", StatusCode.Aborted, 409 },
        { "OVERLOADED", StatusCode.ResourceExhausted, 429 },
        { "DISK_LOW", StatusCode.ResourceExhausted, 507 },
        { "MEMORY_LIMIT", StatusCode.ResourceExhausted, 507 },
        { "RECOVERING", StatusCode.Unavailable, 503 },
        { "STORAGE_FAILED", StatusCode.Internal, 500 },
        { "UNAUTHENTICATED", StatusCode.Unauthenticated, 401 },
        { "PERMISSION_DENIED", StatusCode.PermissionDenied, 403 },
    };

    [Theory]
    [MemberData(nameof(Contract))]
    public void Should_travel_with_the_status_of_the_contract_when_named(string name, StatusCode grpc, int http)
    {
        Assert.True(ErrorReason.TryParse(name, out var reason));
        Assert.Equal((grpc, http), (reason.GrpcStatus, reason.HttpStatus));
    }

    [Fact]
    public void Should_be_closed_when_listed() =>
        Assert.Equal(Contract.Select(row => (string)row[0]).Order(), ErrorReason.All.Select(reason => reason.Name).Order());
}
