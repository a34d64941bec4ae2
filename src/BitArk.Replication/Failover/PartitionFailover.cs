using BitArk.Replication.Messages;

namespace BitArk.Replication.Failover;

/// <summary>
/// One partition in the eyes of a coordinator: whether it needs a leader, and the way to one. Knows only what replicas told it since
/// this coordinator began; everything that must survive it is in their promises, so it may end at any moment, and another may work
/// beside it. Time comes in with every call and is monotonic. One thread.
/// <code>
///             no leader; away; stuck; handed over            a majority promised
///   Watching ----------------------------------> Proposing ----------------------> Appointing
///      ^                                         |   ^                                 |
///      |        too few can vote                 +---+ refused; too late: higher epoch |
///      +-----------------------------------------+                                     |
///      +-------------------------------------------------------------------------------+
///                          the leader serves; or: too late, so a higher epoch
/// </code>
/// </summary>
public sealed partial class PartitionFailover
{
    // In patiences of the first: 10 s in profile "fast", 20 s in "tuned".
    private const int LongestRound = 10;

    private readonly FailoverTiming _timing;
    private readonly Guid _proposer;
    private readonly Func<NodeId, int> _cost;
    private readonly Backoff _backoff;
    private readonly Dictionary<NodeId, (ReplicaReport Report, TimeSpan At)> _reports = [];
    private readonly HashSet<NodeId> _unreachable = [];
    private readonly TimeSpan _began;
    private ElectionRound? _round;
    private ElectionOutcome.Elected? _elected;
    private FailoverReason _roundReason;
    private Epoch _highest;
    private TimeSpan? _chooseAt;
    private TimeSpan _electedAt;
    private TimeSpan _sendAt;
    private TimeSpan _giveUpAt;
    private TimeSpan _notBefore;
    private TimeSpan _leadingSince;
    private (NodeId Leader, Epoch Epoch)? _seenLeading;
    private int _tries;

    /// <summary>Watching, and knowing nothing.</summary>
    /// <param name="partition">Which.</param>
    /// <param name="replicas">Its replicas.</param>
    /// <param name="timing">How patient.</param>
    /// <param name="proposer">Random, made at each start of a coordinator.</param>
    /// <param name="cost">What a leadership more would cost a node; see <see cref="ElectionRound"/>.</param>
    /// <param name="random">For jitter.</param>
    /// <param name="now">The start of the coordinator.</param>
    public PartitionFailover(
        PartitionId partition, ReplicaSet replicas, FailoverTiming timing, Guid proposer, Func<NodeId, int> cost, Random random, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(timing);
        Partition = partition;
        Replicas = replicas;
        _timing = timing;
        _proposer = proposer;
        _cost = cost;
        _backoff = new Backoff(timing.RetryFirst, timing.RetryFirst * 10, random);
        _began = now;
    }

    /// <summary>Which partition.</summary>
    public PartitionId Partition { get; }

    /// <summary>Its replicas.</summary>
    public ReplicaSet Replicas { get; }

    /// <summary>Why a new leader is being looked for, or would be.</summary>
    public FailoverReason Reason { get; private set; }

    /// <summary>Who says that it leads, with the highest epoch; null: nobody that can be heard.</summary>
    public (NodeId Leader, Epoch Epoch, bool IsServing)? Leader { get; private set; }

    /// <summary>How many replicas could promise at the moment.</summary>
    public int Voters { get; private set; }

    /// <summary>The epoch being proposed or given; null while watching.</summary>
    public Epoch? Underway => _round?.Epoch;

    /// <summary>
    /// Who leads, or is about to: what a coordinator counts when it spreads leaderships. Null while nobody is.
    /// </summary>
    public NodeId? BoundTo => _elected?.Leader ?? _wish?.To ?? Leader?.Leader;

    /// <summary>A node spoke of its replica.</summary>
    public void OnReport(NodeId node, in ReplicaReport report, TimeSpan now)
    {
        if (!Replicas.Contains(node))
            return;
        _reports[node] = (report, now);
        _highest = Epoch.Max(_highest, report.Promised);
    }

    /// <summary>What the failure detector says of a node.</summary>
    public void OnReachability(NodeId node, bool isReachable)
    {
        if (isReachable)
            _unreachable.Remove(node);
        else
            _unreachable.Add(node);
    }

    /// <summary>A replica promised.</summary>
    public void OnPromise(Promise promise, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(promise);
        _highest = Epoch.Max(_highest, promise.Epoch);
        if (_round is not { Outcome: ElectionOutcome.Waiting } round)
            return;
        round.OnPromise(promise);
        if (round.HasMajority)
            _chooseAt ??= now + _timing.ChooseAfter;
    }

    /// <summary>A replica refused.</summary>
    public void OnRefused(PrepareRefused refused, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(refused);
        // A flipped bit is found by the message's checksum: what is heard here was said.
        _highest = Epoch.Max(_highest, refused.Promised);
        if (_round is { Outcome: ElectionOutcome.Waiting } round && round.OnRefused(refused) is ElectionOutcome.Refused)
            EndRound(now, hasFailed: true);
    }

    /// <summary>What to send now. Call after every input, and every few tens of milliseconds.</summary>
    public IReadOnlyList<FailoverCommand> Next(TimeSpan now)
    {
        Look(now);
        if (_round is not null)
            Check(now);
        if (_round is null)
            LookAtWish(now);
        if (_round is null && Reason != FailoverReason.None && Voters >= Replicas.Majority && now >= _notBefore)
        {
            if (Reason == FailoverReason.HandOver && !IsHandedOver(now))
                return Ask(now);
            Begin(now);
        }

        if (_round is not { } round || now < _sendAt)
            return [];
        _sendAt = now + _timing.RepeatAfter;
        return _elected is { } elected
            ? [new FailoverCommand.Appoint(round.Epoch, elected.Leader, elected.Lease)]
            : [new FailoverCommand.Propose(round.Epoch, round.Unanswered)];
    }

    private void Begin(TimeSpan now)
    {
        var wanted = _wish?.To;
        var stuck = Reason == FailoverReason.LeaderStuck ? Leader?.Leader : null;
        _highest = _highest.Next();
        _round = new ElectionRound(Replicas, _highest, _proposer, node => node == wanted ? int.MinValue : node == stuck ? int.MaxValue : _cost(node));
        _tries++;

        // Each is more patient than the one before: a promise costs several syncs, of which the next round needs as many again, and a disk that is too slow
        // for one patience would be too slow for ever. Not where a leader only rests meanwhile: that has a bound of its own.
        (_elected, _chooseAt, _sendAt, _giveUpAt) = (null, null, now, now + (_timing.RoundTimeout * (Reason == FailoverReason.HandOver ? 1 : Math.Min(_tries, LongestRound))));
        _roundReason = Reason;
        _unservedSince ??= _wish?.ReadyAt ?? now;
    }

    // Those that cannot answer are not waited for.
    private void ChooseIfDue(ElectionRound round, TimeSpan now)
    {
        if (_elected is not null || _chooseAt is not { } at)
            return;
        if (round.Outcome is ElectionOutcome.Waiting && (now >= at || round.Unanswered.All(_unreachable.Contains)))
            round.Choose();
        if (round.Outcome is not ElectionOutcome.Elected elected)
            return;
        (_elected, _electedAt) = (elected, now);
        _sendAt = now;
        _giveUpAt = now + elected.Lease + _timing.ServeTimeout;
    }

    private void Check(TimeSpan now)
    {
        ChooseIfDue(_round!, now);
        if (_elected is { } elected && Leader is { IsServing: true } leader && leader.Epoch >= _round!.Epoch)
        {
            _tries = 0;
            EndRound(now, hasFailed: leader.Leader != elected.Leader);
            Led(leader.Leader, leader.Epoch, _roundReason, now);
        }
        else if (now >= _giveUpAt || _highest > _round!.Epoch || (_elected is { } target && HasGone(target.Leader)))
        {
            // Also when it may come back: one target per epoch, so somebody else needs another.
            EndRound(now, hasFailed: true);
        }
    }

    // Its node is out of reach, or says since then that it will not come to lead.
    private bool HasGone(NodeId target) => _unreachable.Contains(target)
        || (_reports.TryGetValue(target, out var heard) && heard.At > _electedAt && heard.Report.Standing is (ReplicaStanding.Away or ReplicaStanding.Voteless));

    private void EndRound(TimeSpan now, bool hasFailed)
    {
        (_round, _elected) = (null, null);
        if (hasFailed)
            _notBefore = now + _backoff.After(Math.Max(1, _tries));
    }
}
