namespace BitArk.Replication.Failover;

/// <summary>Why a partition gets a new leader.</summary>
public enum FailoverReason
{
    /// <summary>It has one, and keeps it.</summary>
    None,

    /// <summary>No replica says that it leads.</summary>
    NoLeader,

    /// <summary>The leader's node is unreachable, or says nothing any more.</summary>
    LeaderAway,

    /// <summary>The leader has not come to serve in time.</summary>
    LeaderStuck,

    /// <summary>An operator, or a node that leaves, wants another one to lead.</summary>
    HandOver,
}
