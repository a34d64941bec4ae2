using System.Collections.Concurrent;
using Akka.Actor;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Replication;

/// <summary>The other nodes' PartitionActors by their paths, as membership knows the nodes' addresses. Any thread.</summary>
internal sealed class ClusterRoutes(ActorSystem system, ClusterDirectory directory) : IReplicaRoutes
{
    private readonly ConcurrentDictionary<(Address Address, PartitionId Partition), ActorSelection> _selections = new();

    public ICanTell? PartitionAt(NodeId node, PartitionId partition) => directory.Find(node) is { } found
        ? _selections.GetOrAdd((found.Address, partition), static (key, of) => of.ActorSelection($"{key.Address}/user/partition-{key.Partition}"), system)
        : null;
}
