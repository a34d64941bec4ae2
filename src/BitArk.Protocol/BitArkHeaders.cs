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
}
