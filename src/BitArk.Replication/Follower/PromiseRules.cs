using BitArk.Replication.Messages;

namespace BitArk.Replication.Follower;

/// <summary>The acceptor's side of a leadership: one epoch is promised to one proposer, and never taken back.</summary>
public static class PromiseRules
{
    /// <summary>Decides about a proposal.</summary>
    public static PromiseDecision OnPrepare(in PromiseState state, Prepare prepare)
    {
        // A damaged replica may have forgotten records it acked, so its "I have little" must not help anybody to win.
        if (state.IsDamaged)
            return new PromiseDecision.Refuse(state.Promised, IsDamaged: true);
        if (prepare.Epoch > state.Promised)
            return new PromiseDecision.Persist(prepare.Epoch, prepare.Proposer);
        return prepare.Epoch == state.Promised && prepare.Proposer == state.Proposer && prepare.Proposer != Guid.Empty
            ? new PromiseDecision.Repeat()
            : new PromiseDecision.Refuse(state.Promised, IsDamaged: false);
    }
}
