using System.Reflection;
using BitArk.Cluster.Creation;

namespace BitArk.Cluster.Membership;

/// <summary>What this node tells the others about itself; one writer per field, any reader.</summary>
internal sealed class OwnFacts(BitArkSettings settings)
{
    private static readonly string Version =
        typeof(OwnFacts).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private volatile string _grpcAuthority = "";
    private volatile ClusterMeta? _meta;
    private volatile object _incarnation = Guid.Empty;

    /// <summary>This node.</summary>
    public NodeId Name { get; } = new(settings.NodeName);

    /// <summary>What a cluster would be created with.</summary>
    public LayoutTerms Terms { get; } = LayoutTerms.Of(settings);

    /// <summary>What is durable here about the layout. Set only once it is.</summary>
    public ClusterMeta? Meta
    {
        get => _meta;
        set => _meta = value;
    }

    /// <summary>The data directory; empty until it has been opened.</summary>
    public Guid Incarnation
    {
        get => (Guid)_incarnation;
        set => _incarnation = value;
    }

    /// <summary>Where gRPC listens; empty until it does.</summary>
    public string GrpcAuthority
    {
        get => _grpcAuthority;
        set => _grpcAuthority = value;
    }

    /// <summary>For decisions about the layout.</summary>
    public NodeFacts ToFacts() => new(Name, Terms, settings.Cluster.ExpectedNodes, Meta);

    /// <summary>For the others.</summary>
    public NodeHello ToHello(int uid, long sequence) =>
        new(Name, uid, sequence, Incarnation, GrpcAuthority, Version, settings.Cluster.ExpectedNodes, Terms, Meta);
}
