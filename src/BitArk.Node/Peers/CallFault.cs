using System.Net.Sockets;
using Grpc.Core;

namespace BitArk.Node.Peers;

/// <summary>What a broken call between nodes means.</summary>
internal static class CallFault
{
    /// <summary>
    /// Whether the call certainly never reached the other side's log: no connection was made, or it was turned away before
    /// the service looked at it. Everything else may have been appended.
    /// </summary>
    public static bool NeverArrived(RpcException fault) => fault.StatusCode switch
    {
        // The service answers expected outcomes in its replies: these come from the framework, or from before the append.
        StatusCode.Unimplemented or StatusCode.FailedPrecondition or StatusCode.InvalidArgument or StatusCode.ResourceExhausted
            or StatusCode.Unauthenticated or StatusCode.PermissionDenied => true,
        StatusCode.Unavailable or StatusCode.Internal => NeverConnected(fault.Status.DebugException),
        _ => false,
    };

    /// <summary>Whether the caller, rather than the call, came to its end.</summary>
    public static bool IsCancellation(RpcException fault) => fault.StatusCode is StatusCode.Cancelled or StatusCode.DeadlineExceeded;

    // The channel connects before it sends, and then the socket's own error is all there is. What breaks later is wrapped.
    private static bool NeverConnected(Exception? cause) => cause switch
    {
        SocketException => true,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => true,
        _ => false,
    };
}
