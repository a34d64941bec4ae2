using BitArk.Replication.Messages;
using BitArk.Replication.Sync;
using BitArk.Simulation.Network;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;

namespace BitArk.Simulation.Replicas;

// The follower's end of a full sync: chunks into a file, the file into the place of everything that was here.
internal sealed partial class SimReplica
{
    private const int ChunksPerRequest = 4;
    private const int TriesBeforeGivingUp = 12;

    private FullSyncPlan? _plan;
    private SnapshotReceiver? _receiver;
    private int _source;
    private int _tries;
    private TimeSpan _lastChunk;

    private void BeginTransfer(int from, NeedFullSync order)
    {
        _source = from;
        CloseTransfer();
        _receiver = SnapshotReceiver.Open(_options, _disk, order.SnapshotLsn, order.SnapshotBytes, _world.Nodes[from].Id);
        if (_receiver.DurableBytes > 0)
            _world.Counters.ResumedTransfers++;
        _plan = new FullSyncPlan(order.SnapshotLsn, order.SnapshotBytes, _world.Settings.ChunkBytes, _receiver.DurableBytes);
        _world.Trace.Add(_node.Index, "fetches snapshot", order.SnapshotLsn.Value, _receiver.DurableBytes);
        _tries = 0;
        RequestChunks();
    }

    private void RequestChunks()
    {
        _lastChunk = Now;
        if (_plan?.NextRequest() is { } range)
            _world.Network.Send(_node.Index, _source, Frames.OfRequest(_plan.SnapshotLsn, range.Offset, Math.Min(range.Length, (long)ChunksPerRequest * _world.Settings.ChunkBytes)));
    }

    private void OnChunk(int from, SnapshotChunk chunk)
    {
        if (_plan is not { } plan || _receiver is not { } receiver || from != _source || chunk.Snapshot != plan.SnapshotLsn)
        {
            return;
        }

        var verdict = plan.OnChunk(chunk.Offset, chunk.Bytes.Length, chunk.IsChecksumRight);
        switch (verdict)
        {
            case ChunkVerdict.Write:
                receiver.Write(chunk.Offset, chunk.Bytes.Span);
                plan.Written(chunk.Offset);
                _tries = 0;
                break;
            case ChunkVerdict.AskAgain:
                _world.Counters.WireFlipsFound++;
                break;
        }

        if (plan.IsComplete)
            Install(plan);
        else if (verdict == ChunkVerdict.Write && plan.NextRequest() is { } next && next.Offset % ((long)ChunksPerRequest * _world.Settings.ChunkBytes) == 0)
            SaveAndGoOn();
    }

    private void SaveAndGoOn()
    {
        _receiver!.Save(_plan!.ContiguousBytes);
        RequestChunks();
    }

    private void TickTransfer()
    {
        if (_plan is null || Now - _lastChunk < TimeSpan.FromMilliseconds(150))
            return;
        if (_session.State != Replication.Follower.PullState.FullSyncing)
        {
            // Another leader, another answer: what is durable here stays for the case that it is the same snapshot.
            CloseTransfer();
        }
        else if (++_tries > TriesBeforeGivingUp)
        {
            _world.Trace.Add(_node.Index, "gives the transfer up");
            CloseTransfer();
            _session.FullSyncFailed(Now);
        }
        else
        {
            SaveAndGoOn();
        }
    }

    private void Install(FullSyncPlan plan)
    {
        try
        {
            _receiver!.Complete();
        }
        catch (SnapshotInvalidException bad)
        {
            _world.Trace.Say(_node.Index, bad.Message);
            _world.Counters.DiskFlipsFound++;
            // Whole, says this, and the next question that it was not sound.
            SendAck();
            CloseTransfer();
            _session.FullSyncFailed(Now);
            return;
        }

        CloseTransfer();
        var (isRepair, isLearning, written) = (IsDamaged, IsLearning, WrittenLsn);
        var promise = new EpochPromise(_session.Epoch, Guid.Empty);
        _capturing = null;
        CloseStore();
        _node.Repaired(isRepair || isLearning || plan.SnapshotLsn < written);
        ReplicaInstall.Run(_options, _disk, plan.SnapshotLsn, promise, isRepair, written);
        _world.Counters.FullSyncs++;
        _world.Trace.Add(_node.Index, "installed", plan.SnapshotLsn.Value);
        Open();
        _node.SeenCommit = Lsn.Min(_node.SeenCommit, CommitLsn);
        _session.FullSyncDone(Now);
        Pull();
    }

    private void CloseTransfer()
    {
        _receiver?.Dispose();
        (_receiver, _plan) = (null, null);
    }
}
