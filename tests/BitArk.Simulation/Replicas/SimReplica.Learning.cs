using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Simulation.Replicas;

// After a repair it has less than it once acked: it has no vote before it has matched what its leader had when it came back.
internal sealed partial class SimReplica
{
    private (Epoch Epoch, Lsn Target)? _learning;

    private bool IsLearning => _store is { IsRejoining: true };

    // Only what its leader wrote up to a moment after the return can be what was acked before it.
    private void LearnFrom(Heartbeat heartbeat)
    {
        if (IsLearning && _session.State == PullState.Streaming && _learning?.Epoch != heartbeat.Epoch)
            _learning = (heartbeat.Epoch, heartbeat.WrittenLsn);
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
