using BitArk.Replication;
using BitArk.Replication.Failover;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Simulation.Replicas;

// What a replica promises: durable first, then the log is fenced, and only then it is said.
internal sealed partial class SimReplica
{
    private Epoch _promisedWhileDamaged;
    private Epoch _highestHeard;
    private Epoch _givenUp;

    private Epoch Promised => _store?.Promised.Epoch ?? _promisedWhileDamaged;

    private LogEnd LogEnd => new(Log.LastEpoch, Log.WrittenLsn);

    private void OnPrepare(int from, Prepare prepare)
    {
        Heard(prepare.Epoch);
        var state = new PromiseState(Promised, _store?.Promised.Proposer ?? Guid.Empty, IsVoteless);
        switch (PromiseRules.OnPrepare(state, prepare))
        {
            case PromiseDecision.Persist persist:
                MakePromise(persist.Epoch, persist.Proposer);
                if (IsDamaged)
                    AnswerAsIfEmpty(from, prepare);
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

    private bool IsVoteless => (IsDamaged && _world.Plant != Plant.DamagedVotes) || (IsLearning && _world.Plant != Plant.LearnerVotes);

    // Planted.
    private void AnswerAsIfEmpty(int to, Prepare prepare) => Send(
        to, new Promise(_world.Cluster, World.Partition, prepare.Epoch, prepare.Proposer, _node.Id, Epoch.None, Lsn.Zero, RunningLease.None, Epoch.None));

    // Behind the sync that may be under way: its bytes belong to the log's end that is told, but no longer to an ack.
    private void AnswerPromise(int to, Prepare prepare)
    {
        // Planted, with the late ack: what is on its way to the disk is not waited for, and so not told.
        if (_world.Plant == Plant.LateAck && _isSyncUnderWay)
        {
            Answer();
            return;
        }

        OnLog(() =>
        {
            if (Promised == prepare.Epoch && Log.PendingBytes == 0)
                Answer();
            return Promised != prepare.Epoch || Log.PendingBytes == 0;
        });

        void Answer() => Send(to, new Promise(
            _world.Cluster, World.Partition, prepare.Epoch, prepare.Proposer, _node.Id, LogEnd.LastEpoch, LogEnd.WrittenLsn, _granted!.Running(_node.Clock), _givenUp));
    }

    private void MakePromise(Epoch epoch, Guid proposer)
    {
        StepDown();
        if (_world.Plant != Plant.NoFence)
        {
            _session.Stop();
            _leader = null;
        }

        _rejoining.Reset();
        if (_store is null)
        {
            // It neither votes nor appends; the install makes this durable.
            _promisedWhileDamaged = epoch;
            return;
        }

        if (_world.Plant == Plant.VolatilePromise)
            _node.KeepMark();
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
