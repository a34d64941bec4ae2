using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;

namespace BitArk.Cluster.Membership;

/// <summary>
/// Where the nodes of the cluster are: a snapshot that is replaced as a whole, so looking asks no actor. Any thread.
/// Empty on a node that is alone, and after a node was removed its entry is gone.
/// </summary>
public sealed class ClusterDirectory
{
    private volatile FrozenDictionary<NodeId, DirectoryEntry> _nodes = FrozenDictionary<NodeId, DirectoryEntry>.Empty;

    /// <summary>Raised after <see cref="Nodes"/> changed, on an actor's thread: return at once.</summary>
    [SuppressMessage("Design", "CA1003", Justification = "There is nothing to say but that it changed; the new nodes are the property's.")]
    public event Action? Changed;

    /// <summary>All nodes by name, this one included, as of now.</summary>
    public IReadOnlyDictionary<NodeId, DirectoryEntry> Nodes => _nodes;

    /// <summary>One node as of now; null while it is not a member.</summary>
    public DirectoryEntry? Find(NodeId node) => _nodes.GetValueOrDefault(node);

    internal void Publish(IEnumerable<DirectoryEntry> entries)
    {
        var nodes = entries.ToFrozenDictionary(entry => entry.Name);
        if (nodes.Count == _nodes.Count && nodes.All(pair => pair.Value == _nodes.GetValueOrDefault(pair.Key)))
            return;

        _nodes = nodes;
        Changed?.Invoke();
    }
}

/// <summary>One node of the cluster at one moment.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Where its ActorSystem is.</param>
/// <param name="Presence">Whether it is there.</param>
/// <param name="Incarnation">Its data directory; empty until it told.</param>
/// <param name="GrpcAuthority">Where its gRPC listens, <c>host:port</c>; empty until it told.</param>
/// <param name="Version">Its build; empty until it told.</param>
public sealed record DirectoryEntry(NodeId Name, Address Address, NodePresence Presence, Guid Incarnation, string GrpcAuthority, string Version)
{
    /// <summary>Heard of, but not counted yet where the cluster takes a majority of its nodes.</summary>
    public bool IsJoining { get; init; }
}

/// <summary>Whether a node is there.</summary>
public enum NodePresence
{
    /// <summary>A member, and heard of.</summary>
    Up,

    /// <summary>A member of which nothing is heard.</summary>
    Unreachable,

    /// <summary>On its way out, by its own wish.</summary>
    Leaving,

    /// <summary>Given up by the others; it will be removed.</summary>
    Down,
}
