namespace BitArk.Replication.Failover;

/// <summary>What a node says of one of its replicas to the coordinator, every report interval and at every change.</summary>
/// <param name="Standing">What it is doing.</param>
/// <param name="Promised">The epoch it has promised.</param>
/// <param name="IsServing">It leads, its first record is committed and applied.</param>
public readonly record struct ReplicaReport(ReplicaStanding Standing, Epoch Promised, bool IsServing = false);

/// <summary>What a replica is doing, as far as failover is concerned.</summary>
public enum ReplicaStanding : byte
{
    /// <summary>Recovering, installing a snapshot, or ending: it answers nothing at the moment.</summary>
    Away = 0,

    /// <summary>Its durable bytes are bad, or it has not caught up since they were: it has no vote.</summary>
    Voteless = 1,

    /// <summary>It follows, or would.</summary>
    Following = 2,

    /// <summary>It leads the epoch it has promised, or is about to.</summary>
    Leading = 3,
}
