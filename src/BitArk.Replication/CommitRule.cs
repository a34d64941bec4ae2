namespace BitArk.Replication;

/// <summary>When a position of the log counts as safe; one for the whole cluster.</summary>
public enum CommitRule
{
    /// <summary>Durable on a majority of the configured replicas.</summary>
    Quorum = 0,

    /// <summary>Durable on the leader alone: a failover may lose the last moments.</summary>
    Leader = 1,
}
