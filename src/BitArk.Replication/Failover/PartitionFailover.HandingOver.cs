using System.Diagnostics.CodeAnalysis;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Failover;

// The wish that a certain replica leads: first the leader lets it catch up, and takes no writes meanwhile; then a round as any
// other, in which the wanted one comes first among equal logs. It always ends: fulfilled, or given up with a reason.
public sealed partial class PartitionFailover
{
    private readonly Queue<FailoverResult> _results = [];
    private Wish? _wish;
    private TimeSpan? _unservedSince;

    /// <summary>Which replica is to lead, by an operator's wish or since the leader's node leaves; null: whoever does.</summary>
    public NodeId? Wanted => _wish?.To;

    /// <summary>
    /// Give the leadership to a replica. The old leader is asked first, so that no write fails; if it is gone before it has answered,
    /// the wish counts in the round that follows. Ends with a <see cref="FailoverResult"/> within <see cref="FailoverTiming.HandOverTimeout"/>
    /// and the round that is under way then.
    /// </summary>
    public HandOverAnswer HandOver(NodeId to, TimeSpan now)
    {
        if (!Replicas.Contains(to))
            return HandOverAnswer.NoReplica;
        Look(now);
        if (Leader?.Leader == to)
            return HandOverAnswer.LeadsAlready;
        if (_round is not null || _wish is not null)
            return HandOverAnswer.Underway;
        if (!CanTakeOver(to, now))
            return HandOverAnswer.NotFollowing;
        _wish = new Wish(to, now + _timing.HandOverTimeout);
        return HandOverAnswer.Accepted;
    }

    /// <summary>The leader says that the wanted replica has everything.</summary>
    public void OnHandOverReady(HandOverReady ready, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(ready);
        if (_wish is { } wish && ready.To == wish.To && Leader is { } leader && (ready.From, ready.Epoch) == (leader.Leader, leader.Epoch))
            wish.ReadyAt = now;
    }

    /// <summary>What has come of it since the last call, oldest first.</summary>
    public bool TryTake([NotNullWhen(true)] out FailoverResult? result) => _results.TryDequeue(out result);

    /// <summary>Whether a replica follows and can be heard, so that it could lead next.</summary>
    public bool CanTakeOver(NodeId node, TimeSpan now) =>
        _reports.TryGetValue(node, out var heard) && heard.Report.Standing == ReplicaStanding.Following && !IsAway(node, heard.At, now);

    // As long as the leader has said that it appends nothing: a round begun later would meet new writes.
    private bool IsHandedOver(TimeSpan now) => _wish?.ReadyAt is { } at && now - at < HandOverReady.Quiet;

    private IReadOnlyList<FailoverCommand> Ask(TimeSpan now)
    {
        if (_wish is not { } wish || Leader is not { } leader || now < wish.AskAt)
            return [];
        wish.AskAt = now + _timing.RepeatAfter;
        return [new FailoverCommand.AskToHandOver(leader.Epoch, leader.Leader, wish.To)];
    }

    private void LookAtWish(TimeSpan now)
    {
        if (_wish is not { } wish)
            return;
        if (Leader is { IsServing: true } leader && leader.Leader == wish.To)
            Led(leader.Leader, leader.Epoch, FailoverReason.HandOver, now);
        else if (now >= wish.GiveUpAt)
            GiveUpWish(wish.ReadyAt is null ? HandOverFailure.NotCaughtUp : HandOverFailure.NotInTime, now);
        else if (Leader?.Leader != wish.To && !CanTakeOver(wish.To, now))
            GiveUpWish(HandOverFailure.TargetAway, now);
    }

    private void GiveUpWish(HandOverFailure why, TimeSpan now)
    {
        _results.Enqueue(new FailoverResult.HandOverFailed(_wish!.To, why));
        _wish = null;
        Look(now);
    }

    private void Led(NodeId leader, Epoch epoch, FailoverReason reason, TimeSpan now)
    {
        _results.Enqueue(new FailoverResult.Led(reason, leader, epoch, now - (_unservedSince ?? now)));
        if (_wish is { } wish && wish.To != leader)
            _results.Enqueue(new FailoverResult.HandOverFailed(wish.To, HandOverFailure.AnotherLeads));
        (_wish, _unservedSince) = (null, null);
        Look(now);
    }

    private sealed class Wish(NodeId to, TimeSpan giveUpAt)
    {
        public NodeId To { get; } = to;

        public TimeSpan GiveUpAt { get; } = giveUpAt;

        public TimeSpan AskAt { get; set; }

        public TimeSpan? ReadyAt { get; set; }
    }
}
