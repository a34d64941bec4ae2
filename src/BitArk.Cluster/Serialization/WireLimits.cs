namespace BitArk.Cluster.Serialization;

/// <summary>
/// Sizes of what travels between nodes. They are the same on every node, whatever its settings: a sender over its own
/// limit loses the message with only a log line, and a receiver with a smaller one drops the whole connection.
/// </summary>
internal static class WireLimits
{
    /// <summary>One frame of the transport.</summary>
    public const int MaxFrameBytes = 640 << 10;

    /// <summary>Two frames: one may be read while the next arrives.</summary>
    public const int SocketBufferBytes = 2 * MaxFrameBytes;

    /// <summary>What the transport puts around a payload (paths, manifest, protobuf) takes hundreds of bytes; this leaves room.</summary>
    public const int MaxPayloadBytes = MaxFrameBytes - (16 << 10);
}
