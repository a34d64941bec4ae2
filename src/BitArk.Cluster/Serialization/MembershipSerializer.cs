using Akka.Actor;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Serialization;

/// <summary>What nodes say about themselves.</summary>
internal sealed class MembershipSerializer(ExtendedActorSystem system) : WireSerializer(system)
{
    public override int Identifier => WireBindings.MembershipId;

    public override string Manifest(object o) => o is NodeHello
        ? NodeHelloCodec.Manifest
        : throw Refuse(WireRefusal.UnregisteredType, $"{o?.GetType().FullName ?? "null"} is not a message of membership.");

    protected override int SizeOf(object message) => NodeHelloCodec.SizeOf((NodeHello)message);

    protected override void Write(object message, Span<byte> into) => NodeHelloCodec.Write((NodeHello)message, into);

    protected override object Read(byte[] bytes, string manifest)
    {
        if (manifest != NodeHelloCodec.Manifest)
            throw Refuse(WireRefusal.UnknownManifest, $"'{Printable(manifest)}' is not a message of membership.");

        return NodeHelloCodec.TryRead(bytes, out var reason) ?? throw Refuse(WireRefusal.BadBytes, $"A hello of {bytes.Length} bytes is damaged: {reason}.");
    }
}
