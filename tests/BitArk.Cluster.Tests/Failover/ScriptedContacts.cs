using System.Collections.Concurrent;
using Akka.Actor;
using BitArk.Cluster.Failover;
using BitArk.Cluster.Replication;

namespace BitArk.Cluster.Tests.Failover;

/// <summary>Nodes as a test says that they are: their actors, and whether they are heard of.</summary>
internal sealed class ScriptedContacts : INodeContacts, IReplicaRoutes
{
    private readonly ConcurrentDictionary<NodeId, bool> _reachable = new();

    public ConcurrentDictionary<NodeId, IActorRef> Reporters { get; } = new();

    public ConcurrentDictionary<NodeId, IActorRef> Replicas { get; } = new();

    public IReadOnlyCollection<NodeId> Members => [.. Reporters.Keys];

    public bool IsReachable(NodeId node) => _reachable.GetValueOrDefault(node, true);

    public void SetReachable(NodeId node, bool isReachable) => _reachable[node] = isReachable;

    public ICanTell? ReporterAt(NodeId node) => Reporters.GetValueOrDefault(node);

    public bool IsAt(NodeId node, IActorRef actor) => Reporters.TryGetValue(node, out var reporter) && reporter.Equals(actor);

    public ICanTell? PartitionAt(NodeId node, PartitionId partition) => Replicas.GetValueOrDefault(node);
}
