using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Serialization;

namespace BitArk.Cluster.Serialization;

/// <summary>
/// Stands where Akka's JSON serializer would: under its name, its number and its binding of <see cref="object"/>. So no type
/// without a serializer of its own leaves this node, and no type name in a stranger's message is ever looked up.
/// </summary>
internal sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>As Akka makes it, because JSON has settings.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : this(system) => _ = settings;

    /// <summary>The number of Akka's JSON serializer.</summary>
    public override int Identifier => 1;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        throw Refuse($"{obj?.GetType().FullName ?? "null"} has no serializer between nodes.");

    public override object FromBinary(byte[] bytes, Type type) =>
        throw Refuse($"A message of {bytes?.Length ?? 0} bytes came with JSON type names; they are never read.");

    private WireException Refuse(string reason)
    {
        WireCounters.Count(WireRefusal.UnregisteredType);
        Logging.GetLogger(system, typeof(RefusingSerializer)).Warning("Refused a message between nodes ({0}): {1}", WireRefusal.UnregisteredType, reason);
        return new WireException(WireRefusal.UnregisteredType, reason);
    }
}
