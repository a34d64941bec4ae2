using Akka.Actor;
using Akka.Event;
using Akka.Serialization;

namespace BitArk.Cluster.Serialization;

/// <summary>
/// What all serializers between nodes share: a frame's limit on writing, and refusals that are typed, counted and logged.
/// The transport adds to each refusal a line of its own that names the peer.
/// </summary>
internal abstract class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public sealed override byte[] ToBinary(object obj)
    {
        var size = SizeOf(obj);
        if (size > WireLimits.MaxPayloadBytes)
            throw Refuse(WireRefusal.Oversized, $"A {obj.GetType().Name} of {size} bytes does not fit a frame: at most {WireLimits.MaxPayloadBytes}.");

        var bytes = new byte[size];
        Write(obj, bytes);
        return bytes;
    }

    public sealed override object FromBinary(byte[] bytes, string manifest)
    {
        if (bytes.Length > WireLimits.MaxPayloadBytes)
            throw Refuse(WireRefusal.Oversized, $"A message of {bytes.Length} bytes under manifest '{Printable(manifest)}' was refused: at most {WireLimits.MaxPayloadBytes}.");

        return Read(bytes, manifest);
    }

    /// <summary>The exact number of bytes that <see cref="Write"/> fills.</summary>
    protected abstract int SizeOf(object message);

    protected abstract void Write(object message, Span<byte> into);

    /// <summary>Reads a message or throws what <see cref="Refuse"/> returns.</summary>
    protected abstract object Read(byte[] bytes, string manifest);

    /// <summary>Counts and logs a refusal.</summary>
    protected WireException Refuse(WireRefusal refusal, string reason)
    {
        WireCounters.Count(refusal);

        // Made before the system is complete, a serializer cannot ask it for a logger earlier.
        Logging.GetLogger(system, typeof(WireSerializer)).Warning("Refused a message between nodes ({0}): {1}", refusal, reason);
        return new WireException(refusal, reason);
    }

    /// <summary>A stranger's text, fit for one line of a log.</summary>
    protected static string Printable(string text)
    {
        const int Most = 80;
        var shown = string.Concat(text.Take(Most).Select(c => c is >= ' ' and <= '~' ? c : '?'));
        return text.Length > Most ? shown + "…" : shown;
    }
}
