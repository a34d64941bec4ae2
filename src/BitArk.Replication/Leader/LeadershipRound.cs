using BitArk.Replication.Messages;

namespace BitArk.Replication.Leader;

/// <summary>
/// One proposal for one epoch, by a node that wants to lead. Any two majorities share a replica, so what a majority holds
/// durably is held by one of those that promise here: who has the most among them has it all. Final once not waiting.
/// </summary>
public sealed class LeadershipRound
{
    private readonly ReplicaSet _replicas;
    private readonly NodeId _self;
    private readonly Dictionary<NodeId, LogEnd> _promised = [];

    /// <summary>Call when the proposer's own promise is durable and its log fenced: it is the first vote.</summary>
    /// <param name="replicas">Whose majority decides.</param>
    /// <param name="self">The proposer.</param>
    /// <param name="epoch">The epoch proposed.</param>
    /// <param name="proposer">This start of the proposer.</param>
    /// <param name="own">How far its own log reaches, read from the fence.</param>
    /// <exception cref="ArgumentException"><paramref name="self"/> has no replica.</exception>
    public LeadershipRound(ReplicaSet replicas, NodeId self, Epoch epoch, Guid proposer, LogEnd own)
    {
        if (!replicas.Contains(self))
            throw new ArgumentException($"{self} has no replica of this partition.", nameof(self));
        _replicas = replicas;
        _self = self;
        Epoch = epoch;
        Proposer = proposer;
        Count(self, own);
    }

    /// <summary>The epoch proposed.</summary>
    public Epoch Epoch { get; }

    /// <summary>By whom; another id's answers are not for this round.</summary>
    public Guid Proposer { get; }

    /// <summary>Where it stands.</summary>
    public LeadershipOutcome Outcome { get; private set; } = new LeadershipOutcome.Waiting();

    /// <summary>Who has not promised yet: whom to send the prepare again.</summary>
    public IReadOnlyList<NodeId> Unanswered => [.. _replicas.Members.Where(member => !_promised.ContainsKey(member))];

    /// <summary>A replica promised.</summary>
    public LeadershipOutcome OnPromise(Promise promise)
    {
        var isForThis = promise.Epoch == Epoch && promise.Proposer == Proposer && _replicas.Contains(promise.From) && promise.From != _self;
        if (isForThis && Outcome is LeadershipOutcome.Waiting)
            Count(promise.From, new LogEnd(promise.LastEpoch, promise.WrittenLsn));
        return Outcome;
    }

    /// <summary>A replica refused. A damaged one has no vote either way: what it once promised binds it, not the others.</summary>
    public LeadershipOutcome OnRefused(PrepareRefused refused)
    {
        var isForThis = refused.Epoch == Epoch && refused.Proposer == Proposer && _replicas.Contains(refused.From);
        // Also one refusal counts: that replica would take nothing from a leader of this epoch.
        if (isForThis && !refused.IsDamaged && refused.Promised >= Epoch && Outcome is LeadershipOutcome.Waiting)
            Outcome = new LeadershipOutcome.Refused(refused.Promised);
        return Outcome;
    }

    private void Count(NodeId node, LogEnd log)
    {
        _promised[node] = log;
        if (_promised.Count < _replicas.Majority)
            return;
        var best = _promised.MaxBy(promise => promise.Value);
        Outcome = best.Value > _promised[_self]
            ? new LeadershipOutcome.Outvoted(best.Key, best.Value)
            : new LeadershipOutcome.Won();
    }
}
