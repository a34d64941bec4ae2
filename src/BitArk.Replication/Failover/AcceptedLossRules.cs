using BitArk.Replication.Messages;

namespace BitArk.Replication.Failover;

/// <summary>
/// A replica whose operator has accepted that the others' copies are lost: its own promise is a majority until enough of the others
/// vote again. What keeps that sound: <em>every election and every commit in that time includes this replica</em>. It promises to
/// nobody but itself, and of the others no more come to vote than, without it, are less than a majority:
/// <list type="bullet">
/// <item>what the operator says: of the other copies at most <c>majority - 2</c> are sound (else with this one they were a majority, and nothing was lost);</item>
/// <item>a learner gets its stream, and with it its vote, only when it was admitted, which is durable first and for good;</item>
/// <item>as many are admitted as, with those that may still be sound, stay below a majority. Who said since the epoch began that it
/// has no vote is known not to be one of the sound.</item>
/// </list>
/// It is over when <c>majority - 1</c> others vote: from there on this replica is one of several, and only then the other learners get their
/// stream. One for each epoch led; one thread.
/// </summary>
public sealed class AcceptedLossRules
{
    private readonly ReplicaSet _replicas;
    private readonly NodeId _self;
    private readonly HashSet<NodeId> _admitted;
    private readonly HashSet<NodeId> _voters = [];
    private readonly HashSet<NodeId> _voteless = [];

    /// <summary>At the beginning of an epoch that this replica leads.</summary>
    /// <param name="replicas">The configured set.</param>
    /// <param name="self">This replica.</param>
    /// <param name="admitted">Whom it has admitted, durably, in this epoch or before.</param>
    public AcceptedLossRules(ReplicaSet replicas, NodeId self, IEnumerable<NodeId> admitted)
    {
        ArgumentNullException.ThrowIfNull(replicas);
        _replicas = replicas;
        _self = self;
        _admitted = [.. admitted];
    }

    /// <summary>Enough of the others vote again, so a majority is one as ever: forget the loss, durably.</summary>
    public bool IsOver => _voters.Count >= _replicas.Majority - 1;

    /// <summary>A follower says in this epoch whether it has a vote.</summary>
    public void OnAck(Ack ack)
    {
        ArgumentNullException.ThrowIfNull(ack);
        if (ack.From == _self || !_replicas.Contains(ack.From))
            return;
        var hasVote = !ack.IsLearner && !ack.IsDamaged;
        (hasVote ? _voters : _voteless).Add(ack.From);
        (hasVote ? _voteless : _voters).Remove(ack.From);
    }

    /// <summary>Whether its question where to go on is answered. Who has a vote anyway needs no admission.</summary>
    public bool Serves(NodeId follower) => _admitted.Contains(follower) || _voters.Contains(follower);

    /// <summary>Whether a learner may be admitted; make that durable before <see cref="Admit"/>.</summary>
    public bool MayAdmit(NodeId follower)
    {
        if (!_replicas.Contains(follower) || follower == _self || Serves(follower))
            return false;
        var others = _replicas.Members.Where(member => member != _self && member != follower && !_admitted.Contains(member));
        var perhapsSound = Math.Min(Math.Max(0, _replicas.Majority - 2), others.Count(member => !_voteless.Contains(member)));
        return _admitted.Count + 1 + perhapsSound <= _replicas.Majority - 1;
    }

    /// <summary>It is admitted, durably.</summary>
    public void Admit(NodeId follower) => _admitted.Add(follower);
}
