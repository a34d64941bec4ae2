using BitArk.Replication.Messages;

namespace BitArk.Replication.Leader;

/// <summary>How far the log is safe, by the commit rule. One for each epoch led; one thread.</summary>
public sealed class QuorumTracker
{
    private readonly ReplicaSet _replicas;
    private readonly NodeId _self;
    private readonly CommitRule _rule;
    private readonly Epoch _epoch;
    private readonly Dictionary<NodeId, Lsn> _matched = [];
    private readonly Lsn[] _sorted;
    private readonly HashSet<NodeId> _voters = [];
    private bool _isAlone;
    private Lsn? _epochStartEnd;

    /// <summary>Starts from what was known to be committed before.</summary>
    /// <param name="replicas">The configured set.</param>
    /// <param name="self">The leader.</param>
    /// <param name="rule">The commit rule.</param>
    /// <param name="epoch">The epoch led.</param>
    /// <param name="commitLsn">What was committed before.</param>
    /// <param name="isAlone">
    /// The loss of the others' copies was accepted (<see cref="Failover.AcceptedLossRules"/>): the leader's own log is enough, until so many
    /// others have acked with a vote that with it they are a majority. That is at the latest with the ack that completes its first
    /// lease, without which no write is taken: so what is committed alone is no client's.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="self"/> has no replica.</exception>
    public QuorumTracker(ReplicaSet replicas, NodeId self, CommitRule rule, Epoch epoch, Lsn commitLsn, bool isAlone = false)
    {
        if (!replicas.Contains(self))
            throw new ArgumentException($"{self} has no replica of this partition.", nameof(self));
        _replicas = replicas;
        _self = self;
        _rule = rule;
        _epoch = epoch;
        CommitLsn = commitLsn;
        _isAlone = isAlone;
        _sorted = new Lsn[replicas.Members.Count];
    }

    /// <summary>Never goes back, never passes the leader's own WrittenLsn.</summary>
    public Lsn CommitLsn { get; private set; }

    /// <summary>The leader's own log is durable up to here.</summary>
    public void OnWritten(Lsn writtenLsn) => Raise(_self, writtenLsn);

    /// <summary>
    /// A follower acked. What it acked in another epoch, and who is not in the replica set, does not count. One that is damaged
    /// or a learner counts for nothing, and what it acked before for nothing new: it stays in the denominator alone. Forgetting
    /// is always safe, also when an old ack causes it: the commit stays, and the next ack counts again.
    /// </summary>
    public void OnAck(Ack ack)
    {
        // The leader vouches for itself by what it has fsynced, never by a message.
        if (ack.Epoch != _epoch || ack.From == _self || !_replicas.Contains(ack.From))
            return;
        if (ack.IsDamaged || ack.IsLearner)
        {
            _matched.Remove(ack.From);
            return;
        }

        // Whatever it has matched: it has a vote, and its echo counts for the lease.
        _voters.Add(ack.From);
        _isAlone &= _voters.Count < _replicas.Majority - 1;
        if (ack.MatchedLsn is { } matched)
            Raise(ack.From, matched);
    }

    /// <summary>
    /// An EpochStart of this epoch is in the leader's log and ends here; the first one counts. Nothing is committed in the epoch
    /// before that is covered (Raft 5.4.2).
    /// </summary>
    public void EpochStartAppended(Lsn endLsn)
    {
        _epochStartEnd ??= endLsn;
        Advance();
    }

    private void Raise(NodeId node, Lsn lsn)
    {
        _matched[node] = Lsn.Max(lsn, _matched.GetValueOrDefault(node));
        Advance();
    }

    private void Advance()
    {
        var own = _matched.GetValueOrDefault(_self);
        var safe = _rule == CommitRule.Leader || _isAlone ? own : Lsn.Min(own, ReachedByMajority());
        if (_epochStartEnd is { } end && safe >= end)
            CommitLsn = Lsn.Max(CommitLsn, safe);
    }

    /// <summary>Who never acked stands at zero: the denominator is the configured set.</summary>
    private Lsn ReachedByMajority()
    {
        for (var i = 0; i < _sorted.Length; i++)
        {
            _sorted[i] = _matched.GetValueOrDefault(_replicas.Members[i]);
        }

        Array.Sort(_sorted);
        return _sorted[^_replicas.Majority];
    }
}
