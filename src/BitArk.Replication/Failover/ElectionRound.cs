using BitArk.Replication.Messages;

namespace BitArk.Replication.Failover;

/// <summary>
/// One proposal for one epoch, by a coordinator that leads nothing itself. Any two majorities share a replica, so what a
/// majority holds durably is held by one of those that promise here: who has the most among them has it all. Chosen once:
/// an epoch has one target, ever, and whoever thinks better of it needs a new epoch.
/// </summary>
public sealed class ElectionRound
{
    private readonly ReplicaSet _replicas;
    private readonly Func<NodeId, int> _cost;
    private readonly Dictionary<NodeId, (LogEnd Log, RunningLease Lease, Epoch GivenUp)> _promised = [];

    /// <summary>Begins with nobody's promise.</summary>
    /// <param name="replicas">Whose majority decides.</param>
    /// <param name="epoch">The epoch proposed, above every one seen.</param>
    /// <param name="proposer">This start of the coordinator.</param>
    /// <param name="cost">Of equal logs, the one on the node with the lowest cost is chosen; of equal costs, the lowest name.</param>
    public ElectionRound(ReplicaSet replicas, Epoch epoch, Guid proposer, Func<NodeId, int> cost)
    {
        _replicas = replicas;
        _cost = cost;
        Epoch = epoch;
        Proposer = proposer;
    }

    /// <summary>The epoch proposed.</summary>
    public Epoch Epoch { get; }

    /// <summary>By whom; another id's answers are not for this round.</summary>
    public Guid Proposer { get; }

    /// <summary>Where it stands. Final once not waiting.</summary>
    public ElectionOutcome Outcome { get; private set; } = new ElectionOutcome.Waiting();

    /// <summary>Who has not promised yet: whom to send the prepare again.</summary>
    public IReadOnlyList<NodeId> Unanswered => [.. _replicas.Members.Where(member => !_promised.ContainsKey(member))];

    /// <summary>Enough have promised for <see cref="Choose"/>; who answers later may still have as much, and suit better.</summary>
    public bool HasMajority => _promised.Count >= _replicas.Majority;

    /// <summary>A replica promised. The last one that can decides; before that, <see cref="Choose"/> does.</summary>
    public ElectionOutcome OnPromise(Promise promise)
    {
        if (Outcome is not ElectionOutcome.Waiting || promise.Epoch != Epoch || promise.Proposer != Proposer || !_replicas.Contains(promise.From))
            return Outcome;

        _promised[promise.From] = (new LogEnd(promise.LastEpoch, promise.WrittenLsn), promise.Lease, promise.GivenUp);
        return _promised.Count == _replicas.Members.Count ? Choose() : Outcome;
    }

    /// <summary>Waits for no more promises: with a majority's, the one that has the most is elected. Final.</summary>
    public ElectionOutcome Choose()
    {
        if (Outcome is ElectionOutcome.Waiting && HasMajority)
            Outcome = Elect();
        return Outcome;
    }

    /// <summary>A replica refused. One without a vote (damaged, or still learning) says nothing about the others.</summary>
    public ElectionOutcome OnRefused(PrepareRefused refused)
    {
        var isForThis = refused.Epoch == Epoch && refused.Proposer == Proposer && _replicas.Contains(refused.From);
        // Also one refusal counts: that replica would take nothing from a leader of this epoch.
        if (isForThis && !refused.IsDamaged && refused.Promised >= Epoch && Outcome is ElectionOutcome.Waiting)
            Outcome = new ElectionOutcome.Refused(refused.Promised);
        return Outcome;
    }

    private ElectionOutcome.Elected Elect()
    {
        var most = _promised.Values.Max(promise => promise.Log);
        var leader = _promised.Where(promise => promise.Value.Log == most).Select(promise => promise.Key).OrderBy(_cost).ThenBy(node => node).First();
        // Whoever granted the old leader a lease may be any of those that promised; it may be one of them, too, and then it has ended.
        var givenUp = new Epoch(_promised.Values.Max(promise => promise.GivenUp.Value));
        return new ElectionOutcome.Elected(leader, most, _promised.Values.Max(promise => promise.Lease.Besides(givenUp)));
    }
}
