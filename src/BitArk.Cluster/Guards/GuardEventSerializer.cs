using Akka.Actor;
using Akka.Serialization;
using BitArk.Cluster.Serialization;

namespace BitArk.Cluster.Guards;

/// <summary>Events of guards in their journal. Nothing sends them; from another node they are an event that nobody waits for.</summary>
internal sealed class GuardEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>What a row of the journal says of its bytes. Never changes.</summary>
    public const string PromisedManifest = "P";

    public override int Identifier => WireBindings.GuardEventId;

    public override string Manifest(object o) => o is EpochPromised ? PromisedManifest : throw NotOne(o);

    public override byte[] ToBinary(object obj)
    {
        var promised = obj as EpochPromised ?? throw NotOne(obj);
        var bytes = new byte[EpochPromised.Size];
        promised.Write(bytes);
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (manifest != PromisedManifest)
            throw new GuardEventException("an event in the journal of promises is of a kind that this build does not know");
        return EpochPromised.TryRead(bytes, out var promised, out var reason)
            ? promised
            : throw new GuardEventException($"an event in the journal of promises is unreadable: {reason}");
    }

    private static ArgumentException NotOne(object? o) => new($"{o?.GetType().FullName ?? "null"} is not an event of a guard.", nameof(o));
}
