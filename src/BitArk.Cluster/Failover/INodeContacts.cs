using Akka.Actor;

namespace BitArk.Cluster.Failover;

/// <summary>The nodes of the cluster as partners of the coordinator. Any thread.</summary>
internal interface INodeContacts
{
    /// <summary>The nodes of the layout that are members now, this one among them.</summary>
    IReadOnlyCollection<NodeId> Members { get; }

    /// <summary>Whether the failure detector hears of it. Not of one that is no member, or given up.</summary>
    bool IsReachable(NodeId node);

    /// <summary>Its ReplicaReporter; null while it is no member.</summary>
    ICanTell? ReporterAt(NodeId node);

    /// <summary>Whether an actor lives on that node.</summary>
    bool IsAt(NodeId node, IActorRef actor);
}
