using BitArk.Replication.Leader;
using BitArk.Replication.Messages;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// Asking to lead: a new epoch above all that is known, a majority of promises, and none of them with more log.
internal sealed partial class SimReplica
{
    private LeadershipRound? _round;
    private Guid _proposer;
    private int _attempt;

    /// <summary>Whether it has what a leader needs: a sound log, and a vote.</summary>
    public bool MayLead => !IsDamaged && !IsLearning;

    /// <summary>This node is configured to lead.</summary>
    public void BeLeader()
    {
        if (_lead is null && _round is null)
            Propose();
    }

    private void Propose()
    {
        _round = null;
        if (_world.Configured != _node || !MayLead)
            return;
        _proposer = _proposer == Guid.Empty ? _world.Random.NextGuid() : _proposer;
        var epoch = (Promised > _highestHeard ? Promised : _highestHeard).Next();
        MakePromise(epoch, _proposer);
        var attempt = ++_attempt;
        OnLog(() =>
        {
            if (attempt != _attempt || Promised != epoch)
                return true;
            if (Log.PendingBytes > 0)
                return false;
            _world.Safety.Leadership.Promises(_node, epoch);
            _round = new LeadershipRound(_world.Replicas, _node.Id, epoch, _proposer, LogEnd);
            _world.Trace.Add(_node.Index, "proposes", epoch.Value, LogEnd.WrittenLsn.Value);
            SendPrepares(attempt, 1);
            return true;
        });
        // Whatever becomes of it: a configured leader that does not lead tries again.
        _node.After(_world.Random.Between(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(900)), () =>
        {
            if (attempt == _attempt && _lead is null && (_leader is null || _round is not null))
                Propose();
        });
    }

    private void SendPrepares(int attempt, int tries)
    {
        if (attempt != _attempt || _round is not { Outcome: LeadershipOutcome.Waiting } round || round.Epoch != Promised)
            return;
        foreach (var node in round.Unanswered)
            Send(_world.IndexOf(node), new Prepare(_world.Cluster, World.Partition, round.Epoch, round.Proposer, _node.Id));
        _node.After(_settings.NewBackoff(_random).After(tries), () => SendPrepares(attempt, tries + 1));
    }

    private void OnPromise(Promise promise)
    {
        if (_round is { } round && round.Epoch == Promised)
            Conclude(round, round.OnPromise(promise));
    }

    private void OnPrepareRefused(PrepareRefused refused)
    {
        Heard(refused.Promised);
        if (_round is { } round && round.Epoch == Promised)
            Conclude(round, round.OnRefused(refused));
    }

    private void Conclude(LeadershipRound round, LeadershipOutcome outcome)
    {
        switch (outcome)
        {
            case LeadershipOutcome.Won:
                _round = null;
                Lead(round.Epoch);
                break;
            case LeadershipOutcome.Outvoted outvoted:
                _world.Trace.Add(_node.Index, "outvoted by", _world.IndexOf(outvoted.By), outvoted.Log.WrittenLsn.Value);
                _round = null;
                _world.Outvoted(_node, outvoted.By);
                break;
            case LeadershipOutcome.Refused:
                _round = null;
                _node.After(_world.Random.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(80)), BeLeader);
                break;
        }
    }

    private void Lead(Epoch epoch)
    {
        _store!.BeginEpoch(epoch);
        _world.Counters.LeaderChanges++;
        _world.Trace.Add(_node.Index, "leads", epoch.Value, WrittenLsn.Value);
        _world.Safety.Leadership.Begins(_node, epoch);
        _lead = NewLeadership(epoch);
        var lead = _lead;
        OnLog(() =>
        {
            if (_lead != lead)
                return true;
            if (!TryAppend(epoch, RecordType.EpochStart, EpochStart(), out _, out var end))
                return false;
            lead.EpochStartEnd = end;
            lead.Quorum.EpochStartAppended(end);
            return true;
        });
        SendHeartbeats();
    }

    private byte[] EpochStart()
    {
        var payload = new byte[EpochStartPayload.MaxSize];
        return payload[..new EpochStartPayload(_node.Id.Name).Write(payload)];
    }

    private bool TryAppend(Epoch epoch, RecordType type, ReadOnlySpan<byte> payload, out Lsn start, out Lsn end)
    {
        switch (Log.TryAppend(epoch, type, 0, payload, out start, out end))
        {
            case AppendOutcome.Appended:
                return true;
            case AppendOutcome.TooLarge:
                throw new InvalidOperationException("A client of the simulator writes too large a record.");
            default:
                return false;
        }
    }
}
