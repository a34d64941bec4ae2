using Akka.Actor;

namespace BitArk.Cluster.Replication;

/// <summary>
/// Whom to tell that the log grew or the commit moved: the leader's ReplicatorActors, none elsewhere. A nudge is a hint that
/// the next one replaces, so a full mailbox may drop it. Any thread; set by the PartitionActor.
/// </summary>
internal sealed class ReplicationFeed
{
    private volatile IActorRef[] _replicators = [];

    /// <summary>Replaces the listeners.</summary>
    public void Set(IActorRef[] replicators) => _replicators = replicators;

    /// <summary>Tells them to look at the positions.</summary>
    public void Nudge()
    {
        foreach (var replicator in _replicators)
            replicator.Tell(ReplicatorProtocol.LogGrew.Instance, ActorRefs.NoSender);
    }

    /// <summary>Tells them to send a heartbeat, unless they have since that time of the lease's clock.</summary>
    public void Beat(TimeSpan since)
    {
        foreach (var replicator in _replicators)
            replicator.Tell(new ReplicatorProtocol.BeatNow(since), ActorRefs.NoSender);
    }
}
