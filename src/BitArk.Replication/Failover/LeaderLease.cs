namespace BitArk.Replication.Failover;

/// <summary>
/// Until when a leader may answer reads alone. It runs from when the leader <i>sent</i> the heartbeat that a majority has echoed:
/// each of these granted at least that long from when it <i>received</i> it, and no new leader begins before their grants are
/// over. All times are of one clock of this machine that goes on while it is suspended. One for each epoch led; one thread.
/// </summary>
public sealed class LeaderLease
{
    private readonly ReplicaSet _replicas;
    private readonly NodeId _self;
    private readonly Epoch _epoch;
    private readonly LeaseTerms _terms;
    private readonly Dictionary<NodeId, TimeSpan> _echoed = [];

    /// <summary>Held by nobody's word yet, unless the replica is alone.</summary>
    /// <exception cref="ArgumentException"><paramref name="self"/> has no replica.</exception>
    public LeaderLease(ReplicaSet replicas, NodeId self, Epoch epoch, LeaseTerms terms)
    {
        if (!replicas.Contains(self))
            throw new ArgumentException($"{self} has no replica of this partition.", nameof(self));
        _replicas = replicas;
        _self = self;
        _epoch = epoch;
        _terms = terms;
    }

    /// <summary>
    /// When the newest heartbeat was sent that a majority, the leader itself included, has echoed; null: none yet. At that moment this
    /// leader had not been replaced, so a read that began before it, and looked after it began, missed nothing.
    /// </summary>
    public TimeSpan? ConfirmedAt { get; private set; }

    /// <summary>Until when reads may be answered without asking; <see cref="TimeSpan.MaxValue"/> for a lone replica.</summary>
    public TimeSpan HeldUntil => IsAlone ? TimeSpan.MaxValue : ConfirmedAt is { } at ? at + _terms.Usable : TimeSpan.Zero;

    private bool IsAlone => _replicas.Members.Count == 1;

    /// <summary>
    /// A follower echoed a heartbeat. Counts only if it had promised nothing above this epoch, and has a vote.
    /// </summary>
    /// <param name="node">Who.</param>
    /// <param name="epoch">What it had promised when it said so.</param>
    /// <param name="isLearner">It has no vote, so it could not keep another from leading.</param>
    /// <param name="sentAt">When the heartbeat that it echoes was sent, on the leader's clock.</param>
    public void OnEcho(NodeId node, Epoch epoch, bool isLearner, TimeSpan sentAt)
    {
        if (epoch != _epoch || isLearner || node == _self || !_replicas.Contains(node))
            return;
        if (_echoed.TryGetValue(node, out var before) && before >= sentAt)
            return;
        _echoed[node] = sentAt;

        // The leader's own guard echoes by itself, at any moment: one voice less is needed of the others.
        var needed = _replicas.Majority - 1;
        if (needed > 0 && _echoed.Count >= needed)
            ConfirmedAt = _echoed.Values.OrderDescending().ElementAt(needed - 1);
    }

    /// <summary>Whether a read that has looked already may be answered now.</summary>
    public bool IsHeld(TimeSpan now) => now < HeldUntil;
}
