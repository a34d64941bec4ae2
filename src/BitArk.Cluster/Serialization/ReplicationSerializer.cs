using Akka.Actor;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Serialization;

/// <summary>What replicas say to each other. A batch read from the wire keeps the received array and copies nothing.</summary>
internal sealed class ReplicationSerializer(ExtendedActorSystem system) : WireSerializer(system)
{
    private WireIdentity? _identity;

    public override int Identifier => WireBindings.ReplicationId;

    public override string Manifest(object o) => o is ReplicationMessage message
        ? ReplicationCodec.ManifestOf(message)
        : throw Refuse(WireRefusal.UnregisteredType, $"{o?.GetType().FullName ?? "null"} is not a message of replication.");

    // Serializers are made before the system has extensions.
    private ClusterId? Cluster => (_identity ??= WireIdentity.Of(system)).Cluster;

    protected override int SizeOf(object message) => ReplicationCodec.SizeOf((ReplicationMessage)message);

    protected override void Write(object message, Span<byte> into) => ReplicationCodec.Write((ReplicationMessage)message, into);

    protected override object Read(byte[] bytes, string manifest)
    {
        if (!ReplicationCodec.Manifests.Contains(manifest))
            throw Refuse(WireRefusal.UnknownManifest, $"'{Printable(manifest)}' is not a message of replication.");

        if (!ReplicationCodec.TryRead(manifest, bytes, out var message, out var reason))
            throw Refuse(WireRefusal.BadBytes, $"A message '{manifest}' of {bytes.Length} bytes is damaged: {reason}.");

        if (message.Cluster != Cluster)
            throw Refuse(WireRefusal.ForeignCluster, $"A message '{manifest}' is of cluster {message.Cluster}; this is {(Cluster is { } own ? $"cluster {own}" : "a node that knows no cluster yet")}.");

        return message;
    }
}
