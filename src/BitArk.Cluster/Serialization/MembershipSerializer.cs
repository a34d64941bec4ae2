using Akka.Actor;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Serialization;

/// <summary>What nodes say about themselves.</summary>
internal sealed class MembershipSerializer(ExtendedActorSystem system) : WireSerializer(system)
{
    public override int Identifier => WireBindings.MembershipId;

    public override string Manifest(object o) => o switch
    {
        NodeHello => NodeHelloCodec.Manifest,
        IslandView => IslandViewCodec.Manifest,
        _ => throw Unregistered(o),
    };

    protected override int SizeOf(object message) => message switch
    {
        NodeHello hello => NodeHelloCodec.SizeOf(hello),
        IslandView view => IslandViewCodec.SizeOf(view),
        _ => throw Unregistered(message),
    };

    protected override void Write(object message, Span<byte> into)
    {
        if (message is NodeHello hello)
            NodeHelloCodec.Write(hello, into);
        else
            IslandViewCodec.Write((IslandView)message, into);
    }

    protected override object Read(byte[] bytes, string manifest)
    {
        switch (manifest)
        {
            case NodeHelloCodec.Manifest:
                return NodeHelloCodec.TryRead(bytes, out var badHello) ?? throw Damaged("hello", bytes, badHello);
            case IslandViewCodec.Manifest:
                return IslandViewCodec.TryRead(bytes, out var badView) ?? throw Damaged("view of an island", bytes, badView);
            default:
                throw Refuse(WireRefusal.UnknownManifest, $"'{Printable(manifest)}' is not a message of membership.");
        }
    }

    private WireException Damaged(string what, byte[] bytes, string reason) =>
        Refuse(WireRefusal.BadBytes, $"A {what} of {bytes.Length} bytes is damaged: {reason}.");

    private WireException Unregistered(object? o) =>
        Refuse(WireRefusal.UnregisteredType, $"{o?.GetType().FullName ?? "null"} is not a message of membership.");
}
