using System.Collections.Concurrent;
using Akka.Actor;
using BitArk.Cluster.Creation;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Failover;

/// <summary>The nodes as membership knows them.</summary>
internal sealed class ClusterContacts(ActorSystem system, NodeId self, ClusterLayout layout, ClusterDirectory directory) : INodeContacts
{
    private readonly ConcurrentDictionary<Address, ActorSelection> _reporters = new();

    // A member that the layout does not name would refuse every word, and log it.
    public IReadOnlyCollection<NodeId> Members => [.. directory.Nodes.Keys.Where(layout.Names)];

    public bool IsReachable(NodeId node) => directory.Find(node) is { Presence: NodePresence.Up or NodePresence.Leaving };

    public ICanTell? ReporterAt(NodeId node) => directory.Find(node) is { } found
        ? _reporters.GetOrAdd(found.Address, static (address, of) => of.ActorSelection($"{address}/user/{FailoverProtocol.ReporterName}"), system)
        : null;

    // An actor of this system has an address without a host.
    public bool IsAt(NodeId node, IActorRef actor) => actor.Path.Address.HasLocalScope ? node == self : directory.Find(node)?.Address.Equals(actor.Path.Address) == true;
}
