using BitArk.Replication.Failover;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// The way to leadership: the order of a coordinator that has a majority's promises, the wait for earlier leases, the first record.
internal sealed partial class SimReplica
{
    private bool IsWaiting => _lead is null && _store is { } store && store.Epoch > Epoch.None && store.Epoch == Promised;

    private void OnLead(Lead order)
    {
        Heard(order.Epoch);
        if (_store is null || order.Leader != _node.Id || !LeadRules.MayLead(new PromiseState(Promised, _store.Promised.Proposer, IsVoteless), order))
            return;

        // Nothing of an earlier epoch is under way any more: the promise was answered behind it.
        _store.BeginEpoch(order.Epoch);
        _world.Trace.Add(_node.Index, "waits for leases", order.Epoch.Value, (long)order.Lease.TotalMilliseconds);
        _node.AfterOwnTime(order.Lease, () =>
        {
            if (_store is { } store && store.Epoch == order.Epoch && Promised == order.Epoch && _lead is null)
                BeginLeading(order.Epoch);
        });
    }

    private void BeginLeading(Epoch epoch)
    {
        _world.Counters.LeaderChanges++;
        _world.Trace.Add(_node.Index, "leads", epoch.Value, WrittenLsn.Value);
        _world.Safety.Leadership.Begins(_node, epoch);
        _lead = NewLeadership(epoch);
        var lead = _lead;
        if (_world.Plant == Plant.OldEpochsCommitted)
            lead.Quorum.EpochStartAppended(new Lsn(1));
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
        _world.Nemesis.Begun(_node);
        _world.Scenario.Begun(_node);
    }

    private void Report()
    {
        var standing = IsVoteless ? ReplicaStanding.Voteless
            : _lead is not null || IsWaiting ? ReplicaStanding.Leading
            : ReplicaStanding.Following;
        var report = new ReplicaReport(standing, _lead?.Epoch ?? Promised, IsServing);
        foreach (var node in _world.Nodes.Where(node => node.Coordinator is not null))
            _world.Network.Send(_node.Index, node.Index, Network.Frames.OfReport(report));
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
