using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Writes;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

// Terms: the fence below which nothing is taken, and the epoch this replica leads in, if any.
internal sealed partial class WalActor
{
    private Epoch _fence;
    private bool _leads;

    // The promise is durable already. What is in the batch is made durable first, so that the answer covers all of it; nobody
    // gets an acknowledgement for it from here, since the BitmapActor is told to step down behind that batch.
    private void OnFence(WalProtocol.Fence fence)
    {
        FlushNow();
        if (IsBroken)
            return;

        if (fence.Epoch >= _fence)
        {
            _leads = false;
            _fence = fence.Epoch;
            EndAll(_waiting, static () => new WriteOutcome.NoLeader());
            _waiting.Clear();
        }

        Sender.Tell(new WalProtocol.Fenced(_fence, _log.LastEpoch, _log.WrittenLsn));
    }

    private void OnLead(WalProtocol.Lead lead)
    {
        if (lead.Epoch != _fence || _leads)
            return;

        FlushNow();
        _leads = true;
        OnWrite(EpochStart());
    }

    private void OnLeadOn(WalProtocol.LeadOn leadOn)
    {
        if (_leads && leadOn.Epoch == _fence && leadOn.From == _log.AppendedLsn && _waiting.Count == 0)
            OnWrite(EpochStart());
    }

    private PendingWrite EpochStart()
    {
        var write = _status.Pool.Rent();
        var bytes = new EpochStartPayload(_status.Settings.NodeName).Write(write.PayloadBuffer(EpochStartPayload.MaxSize));
        write.Begin(RecordType.EpochStart, bytes, operations: 0);
        write.ChargedBytes = 0;
        return write;
    }
}
