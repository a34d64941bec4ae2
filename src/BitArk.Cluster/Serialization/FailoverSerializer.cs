using Akka.Actor;
using BitArk.Cluster.Failover;

namespace BitArk.Cluster.Serialization;

/// <summary>What nodes and the coordinator say to each other.</summary>
internal sealed class FailoverSerializer(ExtendedActorSystem system) : WireSerializer(system)
{
    private WireIdentity? _identity;

    public override int Identifier => WireBindings.FailoverId;

    public override string Manifest(object o) => o is FailoverMessage message
        ? FailoverMessageCodec.ManifestOf(message)
        : throw Refuse(WireRefusal.UnregisteredType, $"{o?.GetType().FullName ?? "null"} is not a message of failover.");

    // Serializers are made before the system has extensions.
    private ClusterId? Cluster => (_identity ??= WireIdentity.Of(system)).Cluster;

    protected override int SizeOf(object message) => FailoverMessageCodec.SizeOf((FailoverMessage)message);

    protected override void Write(object message, Span<byte> into) => FailoverMessageCodec.Write((FailoverMessage)message, into);

    protected override object Read(byte[] bytes, string manifest)
    {
        if (!FailoverMessageCodec.Manifests.Contains(manifest))
            throw Refuse(WireRefusal.UnknownManifest, $"'{Printable(manifest)}' is not a message of failover.");

        if (!FailoverMessageCodec.TryRead(manifest, bytes, out var message, out var reason))
            throw Refuse(WireRefusal.BadBytes, $"A message '{manifest}' of {bytes.Length} bytes is damaged: {reason}.");

        if (message.Cluster != Cluster)
            throw Refuse(WireRefusal.ForeignCluster, $"A message '{manifest}' is of cluster {message.Cluster}; this is {(Cluster is { } own ? $"cluster {own}" : "a node that knows no cluster yet")}.");

        return message;
    }
}
