using BitArk.Replication;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Simulation.Replicas;

// What a replica promises: durable first, then the log is fenced, and only then it is said.
internal sealed partial class SimReplica
{
    private Epoch _promisedWhileDamaged;
    private Epoch _highestHeard;

    private Epoch Promised => _store?.Promised.Epoch ?? _promisedWhileDamaged;

    private LogEnd LogEnd => new(Log.LastEpoch, Log.WrittenLsn);

    private void OnPrepare(int from, Prepare prepare)
    {
        Heard(prepare.Epoch);
        var state = new PromiseState(Promised, _store?.Promised.Proposer ?? Guid.Empty, IsDamaged || IsLearning);
        switch (PromiseRules.OnPrepare(state, prepare))
        {
            case PromiseDecision.Persist persist:
                MakePromise(persist.Epoch, persist.Proposer);
                AnswerPromise(from, prepare);
                break;
            case PromiseDecision.Repeat:
                AnswerPromise(from, prepare);
                break;
            case PromiseDecision.Refuse refuse:
                _world.Counters.PromisesRefused++;
                Send(from, new PrepareRefused(_world.Cluster, World.Partition, prepare.Epoch, prepare.Proposer, _node.Id, refuse.Promised, refuse.IsDamaged));
                break;
        }
    }

    // Behind the sync that may be under way: its bytes belong to the log's end that is told, but no longer to an ack.
    private void AnswerPromise(int to, Prepare prepare) => OnLog(() =>
    {
        if (Promised == prepare.Epoch && Log.PendingBytes == 0)
            Send(to, new Promise(_world.Cluster, World.Partition, prepare.Epoch, prepare.Proposer, _node.Id, LogEnd.LastEpoch, LogEnd.WrittenLsn));
        return Promised != prepare.Epoch || Log.PendingBytes == 0;
    });

    private void MakePromise(Epoch epoch, Guid proposer)
    {
        StepDown();
        _session.Stop();
        _rejoining.Reset();
        _leader = null;
        if (_store is null)
        {
            // It neither votes nor appends; the install makes this durable.
            _promisedWhileDamaged = epoch;
            return;
        }

        _store.Promise(epoch, proposer);
        _world.Trace.Add(_node.Index, "promised", epoch.Value);
    }

    private void Heard(Epoch epoch)
    {
        // A flipped bit must not send everybody to the end of all epochs.
        if (epoch > _highestHeard && epoch.Value < Promised.Value + 1_000_000)
            _highestHeard = epoch;
    }
}
