using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Failover;

/// <summary>What a replica does about being told to lead.</summary>
public static class LeadRules
{
    /// <summary>
    /// Whether to lead: only the epoch that is promised here, and only to the proposer it is promised to. The promise is spent
    /// by leading (made durable again with no proposer, before anything of the epoch is appended), so neither a repeated order
    /// nor one that arrives after a restart makes a second history of one epoch.
    /// </summary>
    public static bool MayLead(in PromiseState state, Lead order) =>
        !state.IsDamaged && order.Proposer != Guid.Empty && order.Epoch == state.Promised && order.Proposer == state.Proposer;
}
