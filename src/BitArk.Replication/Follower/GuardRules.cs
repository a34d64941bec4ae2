namespace BitArk.Replication.Follower;

/// <summary>
/// What stands of a promise that is kept in two places. It is given in this order: journal, record that the journal is in
/// use, mark, answer. So what the journal is ahead was never answered, and what it is behind was lost.
/// <code>
/// journal above the mark                       died in between: it stands
/// journal below the mark, or empty, in use     it has lost what was answered: damaged
/// journal below the mark, or empty, not in use the mark is older than the journal: it stands
/// the same epoch, different proposers          nobody has it
/// </code>
/// </summary>
public static class GuardRules
{
    /// <summary>Decides at the start of a replica.</summary>
    public static GuardDecision AtStart(in GuardView view)
    {
        if (IsBehind(view) is { } reason)
            return new GuardDecision.Damaged(reason);
        if (view.Journal is not { } journal || journal.Epoch < view.Mark.Epoch)
            return new GuardDecision.Keep(view.Mark);
        if (journal.Epoch > view.Mark.Epoch || journal == view.Mark)
            return new GuardDecision.Keep(journal);
        return new GuardDecision.Keep(journal with { Proposer = Guid.Empty });
    }

    // Without a vote nothing can be promised, nor does what was appended count: what was lost is the learner's matter, and the mark stands.
    // Where a loss was accepted those who could hold a forgotten promise against this replica are gone.
    private static string? IsBehind(in GuardView view)
    {
        if (view.IsRejoining || view.IsLossAccepted)
            return null;
        if (view.Journal is not { } journal)
            return view.WasInUse ? $"the journal of promises has none of this replica, although it had and {view.Mark.Epoch} was promised" : null;
        if (journal.Epoch < view.LogEpoch)
            return $"the journal of promises knows epochs up to {journal.Epoch}, but the log has reached {view.LogEpoch}";
        return view.WasInUse && journal.Epoch < view.Mark.Epoch
            ? $"the journal of promises knows epochs up to {journal.Epoch}, but {view.Mark.Epoch} was promised"
            : null;
    }
}
