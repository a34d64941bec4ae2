namespace BitArk.Protocol;

/// <summary>How much one request may ask for. Part of the outer contract.</summary>
public static class RequestLimits
{
    /// <summary>Operations of a write, message ids and ranges of a mark, ids of a look-up, channels, users: each at most this many in all.</summary>
    public const int MaxItems = 10_000;

    /// <summary>Ranges that one ReadState answers.</summary>
    public const int MaxRanges = 10_000;

    /// <summary>Size of one request, over HTTP and gRPC: 4 MiB.</summary>
    public const int MaxRequestBytes = 4 * 1024 * 1024;

    /// <summary>How long a call may take when the client does not say.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromSeconds(5);
}
