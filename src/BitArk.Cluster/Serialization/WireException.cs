using System.Runtime.Serialization;

namespace BitArk.Cluster.Serialization;

/// <summary>
/// A message between nodes that was refused. A <see cref="SerializationException"/>, because that is what the transport
/// survives: it logs the peer and drops the message, while any other exception would cost the connection.
/// </summary>
public sealed class WireException(WireRefusal refusal, string message) : SerializationException(message)
{
    /// <summary>Why.</summary>
    public WireRefusal Refusal { get; } = refusal;
}
