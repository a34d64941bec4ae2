using BitArk.Replication.Messages;

namespace BitArk.Replication.Leader;

/// <summary>One proposal for one epoch, by a node that wants to lead. Won and outvoted are final.</summary>
public sealed class LeadershipRound
{
    /// <summary>Call when the proposer's own promise is durable and its log fenced: it is the first vote.</summary>
    /// <exception cref="ArgumentException"><paramref name="self"/> has no replica.</exception>
    public LeadershipRound(ReplicaSet replicas, NodeId self, Epoch epoch, Guid proposer, LogEnd own)
    {
        _ = (replicas, self, own);
        Epoch = epoch;
        Proposer = proposer;
    }

    /// <summary>The epoch proposed.</summary>
    public Epoch Epoch { get; }

    /// <summary>By whom; another id's answers are not for this round.</summary>
    public Guid Proposer { get; }

    /// <summary>Where it stands.</summary>
    public LeadershipOutcome Outcome { get; private set; } = new LeadershipOutcome.Waiting();

    /// <summary>Who has not answered with a promise yet: whom to send the prepare again.</summary>
    public IReadOnlyList<NodeId> Unanswered => throw new NotImplementedException();

    /// <summary>A replica promised.</summary>
    public LeadershipOutcome OnPromise(Promise promise) => throw new NotImplementedException();

    /// <summary>A replica refused. A damaged one has no vote either way.</summary>
    public LeadershipOutcome OnRefused(PrepareRefused refused) => throw new NotImplementedException();
}
