namespace BitArk.Protocol;

/// <summary>HTTP headers of the outer contract.</summary>
public static class BitArkHeaders
{
    /// <summary>Request over HTTP: the call's deadline in milliseconds, 1 … 2^31-1.</summary>
    public const string TimeoutMilliseconds = "x-bitark-timeout-ms";

    /// <summary>Reply of <c>GET …/bitmap</c>, whose body has no room for it: the session's token.</summary>
    public const string Token = "x-bitark-token";

    /// <summary>The trailer in which gRPC carries a serialised <c>google.rpc.Status</c>.</summary>
    public const string StatusDetails = "grpc-status-details-bin";

    /// <summary>With <c>OVERLOADED</c>: seconds to wait before trying again.</summary>
    public const string RetryAfter = "retry-after";

    /// <summary>Request: <c>1</c> keeps the call on the node that gets it; what that node cannot answer fails with the leader and its epoch.</summary>
    public const string NoForward = "x-bitark-no-forward";

    /// <summary>Request: the epoch of the route that led to this node; another one is refused with <c>WRONG_EPOCH</c>.</summary>
    public const string Epoch = "x-bitark-epoch";

    /// <summary>Between nodes: the caller's cluster id.</summary>
    public const string Cluster = "x-bitark-cluster";
}
