using BitArk.Replication.Messages;

namespace BitArk.Simulation.Replicas;

// After a repair it has less than it once acked: it has no vote before it has matched what its leader had when it came back.
internal sealed partial class SimReplica
{
    private (Epoch Epoch, Lsn Target)? _learning;

    private bool IsLearning => _store is { IsRejoining: true };

    // What was acked before the damage was in the leader's log when it was asked after it.
    private void Granted(ReplicationMessage answer)
    {
        if (answer is StreamFrom grant)
            _learning = (grant.Epoch, grant.WrittenLsn);
        RejoinIfCaughtUp();
    }

    private void RejoinIfCaughtUp()
    {
        if (!IsLearning || _learning is not { } learning || learning.Epoch != Promised || _session.MatchedLsn(WrittenLsn) is not { } matched || matched < learning.Target)
            return;
        _world.Trace.Add(_node.Index, "votes again", matched.Value);
        _store!.Rejoined();
        _node.Rejoined();
    }
}
