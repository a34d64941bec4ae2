using Akka.Actor;

namespace BitArk.Cluster.Replication;

/// <summary>
/// What a ReplicatorActor hears besides its follower's PullFrom, Ack, Nack and WrongEpoch. Its mailbox is bounded and drops what does not
/// fit: each of these is a hint that the next one replaces.
/// </summary>
internal static class ReplicatorProtocol
{
    /// <summary>WalActor or BitmapActor to ReplicatorActor: the log grew, or the commit moved; the positions say how far.</summary>
    public sealed record LogGrew : INoSerializationVerificationNeeded
    {
        public static readonly LogGrew Instance = new();
    }

    /// <summary>Timer: heartbeats, retries, status.</summary>
    public sealed record Tick : INoSerializationVerificationNeeded
    {
        public static readonly Tick Instance = new();
    }

    /// <summary>A reader without a lease to ReplicatorActor: a heartbeat, unless one was sent since that time of the lease's clock. The next regular one does it, too.</summary>
    public sealed record BeatNow(TimeSpan Since) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to ReplicatorActor: say now what the next tick would say.</summary>
    public sealed record ShowNow : INoSerializationVerificationNeeded
    {
        public static readonly ShowNow Instance = new();
    }

    /// <summary>PartitionActor to ReplicatorActor, at every look at the retention: whether its follower is recorded as outdated.</summary>
    public sealed record Outdated(bool IsOutdated) : INoSerializationVerificationNeeded;

    /// <summary>PartitionActor to ReplicatorActor, at every look: whether the cluster reaches its follower's node.</summary>
    public sealed record Reachable(bool IsReachable) : INoSerializationVerificationNeeded;

    /// <summary>ReplicatorActor to PartitionActor, at every tick: what is to be seen of its follower, and what it still needs.</summary>
    public sealed record Shown(Epoch Epoch, ReplicaView View, Lsn? NeededFrom) : INoSerializationVerificationNeeded;
}
