using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace BitArk.Protocol;

/// <summary>
/// Between a <see cref="ReadStatusError"/> and what gRPC carries: a status, and in its trailers a <c>google.rpc.Status</c>
/// with one <c>google.rpc.ErrorInfo</c> of the domain <see cref="ErrorReason.Domain"/>.
/// </summary>
public static class ReadStatusErrors
{
    /// <summary>The rich status.</summary>
    public static Google.Rpc.Status ToStatus(this ReadStatusError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var info = new ErrorInfo { Reason = error.Reason.Name, Domain = ErrorReason.Domain };
        foreach (var (key, value) in error.Metadata)
            info.Metadata.Add(key, value);
        return new Google.Rpc.Status { Code = (int)error.Reason.GrpcStatus, Message = error.Message, Details = { Any.Pack(info) } };
    }

    /// <summary>What a service throws to fail a call.</summary>
    public static RpcException ToException(this ReadStatusError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var trailers = new Metadata { { BitArkHeaders.StatusDetails, error.ToStatus().ToByteArray() } };
        if (error.Reason == ErrorReason.Overloaded && error.Metadata.TryGetValue(BitArkHeaders.RetryAfter, out var seconds))
            trailers.Add(BitArkHeaders.RetryAfter, seconds);
        return new RpcException(new Grpc.Core.Status(error.Reason.GrpcStatus, error.Message), trailers);
    }

    /// <summary>What a client caught, if it came from BitArk and this build knows the reason; null otherwise.</summary>
    public static ReadStatusError? FromException(RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var bytes = exception.Trailers.GetValueBytes(BitArkHeaders.StatusDetails);
        if (bytes is null)
            return null;

        try
        {
            foreach (var detail in Google.Rpc.Status.Parser.ParseFrom(bytes).Details)
            {
                if (detail.TryUnpack<ErrorInfo>(out var info)
                    && info.Domain == ErrorReason.Domain
                    && ErrorReason.TryParse(info.Reason, out var reason))
                {
                    return new ReadStatusError(reason, exception.Status.Detail, info.Metadata);
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Not BitArk's bytes: whoever sent them, the plain status is all there is.
        }

        return null;
    }
}
