using Akka.Actor;

namespace BitArk.Cluster.Serialization;

/// <summary>Which cluster an ActorSystem speaks for, for serializers, which Akka makes without asking.</summary>
internal sealed class WireIdentity : IExtension
{
    private volatile object? _cluster;

    /// <summary>The cluster; null until it is known here. Any thread.</summary>
    public ClusterId? Cluster
    {
        get => (ClusterId?)_cluster;
        set => _cluster = value;
    }

    /// <summary>That of a system.</summary>
    public static WireIdentity Of(ActorSystem system) => system.WithExtension<WireIdentity, Provider>();

    private sealed class Provider : ExtensionIdProvider<WireIdentity>
    {
        public override WireIdentity CreateExtension(ExtendedActorSystem system) => new();
    }
}
