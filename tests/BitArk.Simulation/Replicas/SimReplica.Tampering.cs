using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// Planted bugs of the receiving side: the product's refusal is overruled.
internal sealed partial class SimReplica
{
    // Null: nothing to tamper with; else whether the batch is done with.
    private bool? Tamper(ReceiveDecision decision, ReplicateBatch batch) => (_world.Plant, decision) switch
    {
        (Plant.CrcNotChecked, ReceiveDecision.Corrupt) => TakeAsItIs(batch.Bytes.ToArray()),
        (Plant.GapAccepted, ReceiveDecision.Gap) when !batch.Bytes.IsEmpty => TakeAsItIs(batch.Bytes.ToArray()),
        _ => null,
    };

    private bool? TakeAsItIs(byte[] bytes)
    {
        if (_session.State != PullState.Streaming || !RecordsCheck.TryMakeSound(Log.AppendedLsn, bytes, Log.Geometry))
            return null;
        var outcome = Log.TryAppendShipped(Log.AppendedLsn, Log.LastEpoch, bytes, out _, out _);
        if (outcome == AppendOutcome.Appended)
            _world.Trace.Add(_node.Index, "planted: took bytes at", Log.AppendedLsn.Value);
        return outcome switch
        {
            AppendOutcome.Appended => true,
            AppendOutcome.Refused => null,
            _ => false,
        };
    }
}
