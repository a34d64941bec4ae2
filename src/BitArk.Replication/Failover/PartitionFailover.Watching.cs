namespace BitArk.Replication.Failover;

// What the replicas' reports say: who leads, who could vote, and whether a new leader is needed.
public sealed partial class PartitionFailover
{
    private void Look(TimeSpan now)
    {
        Leader = null;
        Voters = 0;
        var heard = 0;
        foreach (var (node, (report, at)) in _reports)
        {
            if (IsAway(node, at, now))
                continue;
            heard++;
            if (report.Standing is ReplicaStanding.Following or ReplicaStanding.Leading)
                Voters++;
            if (report.Standing == ReplicaStanding.Leading && (Leader is not { } leader || report.Promised > leader.Epoch))
                Leader = (node, report.Promised, report.IsServing);
        }

        NoteLeading(now);
        Reason = Why(heard, now);
        if (Reason is not (FailoverReason.None or FailoverReason.HandOver))
            _unservedSince ??= now;
        else if (Reason == FailoverReason.None && _round is null && _wish is null)
            _unservedSince = null;
    }

    /// <summary>Which replicas could not promise at the moment: away, silent, or without a vote.</summary>
    public IReadOnlyList<NodeId> CannotVote(TimeSpan now) => [.. Replicas.Members.Where(member =>
        !_reports.TryGetValue(member, out var heard)
        || IsAway(member, heard.At, now)
        || heard.Report.Standing is not (ReplicaStanding.Following or ReplicaStanding.Leading))];

    private bool IsAway(NodeId node, TimeSpan reportedAt, TimeSpan now) => _unreachable.Contains(node) || now - reportedAt >= _timing.SilentAfter;

    // Since when the leader that does not serve has been trying to.
    private void NoteLeading(TimeSpan now)
    {
        var leading = Leader is { } leader ? (leader.Leader, leader.Epoch) : ((NodeId, Epoch)?)null;
        if (leading == _seenLeading && Leader is not { IsServing: true })
            return;
        _seenLeading = leading;
        _leadingSince = now;
    }

    private FailoverReason Why(int heard, TimeSpan now)
    {
        if (Leader is { } leader)
        {
            // Who does not come to serve cannot hand anything over either.
            if (!leader.IsServing && now - _leadingSince >= _timing.ServeTimeout)
                return FailoverReason.LeaderStuck;
            return _wish is { } wish && wish.To != leader.Leader ? FailoverReason.HandOver : FailoverReason.None;
        }

        if (_reports.Values.Any(entry => entry.Report.Standing == ReplicaStanding.Leading))
            return FailoverReason.LeaderAway;

        // A coordinator that has just begun has not heard of everybody: the leader may be the next to speak.
        var isTooEarly = heard < Replicas.Members.Count(member => !_unreachable.Contains(member)) && now - _began < _timing.SilentAfter;
        return isTooEarly ? FailoverReason.None : FailoverReason.NoLeader;
    }
}
