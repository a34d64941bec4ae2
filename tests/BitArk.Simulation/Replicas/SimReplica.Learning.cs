using BitArk.Replication.Follower;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// After a repair it has less than it once acked: it counts for nothing before it has caught up with a leader that proved to be one.
internal sealed partial class SimReplica
{
    private readonly RejoinRules _rejoining = new();

    private bool IsLearning => _store is { IsRejoining: true };

    private void RejoinIfCaughtUp()
    {
        if (!IsLearning || !_rejoining.HasCaughtUp(Promised, _session.MatchedLsn(WrittenLsn)))
            return;
        _world.Trace.Add(_node.Index, "votes again", WrittenLsn.Value);
        _store!.Rejoined();
        _node.Rejoined();
    }

    // Nobody writes, and a learner waits for a commit.
    private void LeadOn(Leadership lead)
    {
        var from = WrittenLsn;
        if (IsQuiet(lead) || !lead.Followers.Values.Any(progress => progress.IsLearnerInNeedOfCommit(from, CommitLsn)))
            return;
        OnLog(() => _lead != lead || IsQuiet(lead) || Log.AppendedLsn != from || TryAppend(lead.Epoch, RecordType.EpochStart, EpochStart(), out _, out _));
    }
}
