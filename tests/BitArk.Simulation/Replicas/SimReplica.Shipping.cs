using BitArk.Replication.Leader;
using BitArk.Replication.Messages;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// The leader's log on its way to followers: whole records, read back from memory or disk, never from a queue.
internal sealed partial class SimReplica
{
    private const int MostBatchesAtOnce = 64;

    private void ShipAll()
    {
        if (_lead is not { } lead)
            return;
        foreach (var follower in lead.Followers.Keys)
            Ship(follower);
    }

    private void Ship(NodeId follower)
    {
        for (var i = 0; i < MostBatchesAtOnce && _lead is { } lead; i++)
        {
            var progress = lead.Followers[follower];
            if (progress.NextShipment(WrittenLsn, CommitLsn, Now) is not { } request || !TryShip(lead, progress, request))
                return;
        }
    }

    private bool TryShip(Leadership lead, FollowerProgress progress, ShipmentRequest request)
    {
        if (request.IsCommitOnly)
            return TrySend(lead, progress, request.From, request.From, Log.Epochs.Before(request.From), 0, default);
        switch (_reader!.Read(request.From, WrittenLsn, Math.Min(request.MaxBytes, LogReader.MaxReadBytes), request.MaxRecords))
        {
            case LogReadResult.Range range:
                return TrySend(lead, progress, range.Start, range.End, range.PreviousEpoch, range.Records, range.Bytes);
            case LogReadResult.NotRetained:
                progress.NotRetained();
                Send(_world.IndexOf(progress.Follower), new WrongEpoch(_world.Cluster, World.Partition, lead.Epoch, 0, _node.Id));
                return false;
            case LogReadResult.Damaged damaged:
                BecomeDamaged(damaged.Reason);
                return false;
            default:
                return false;
        }
    }

    private bool TrySend(Leadership lead, FollowerProgress progress, Lsn start, Lsn end, Epoch previous, int records, ReadOnlyMemory<byte> bytes)
    {
        if (!progress.Shipped(start, end, bytes.Length, records, CommitLsn, Now))
            return false;
        Send(_world.IndexOf(progress.Follower), new ReplicateBatch(_world.Cluster, World.Partition, lead.Epoch, start, previous, CommitLsn, _retainedFloor, bytes));
        return true;
    }
}
