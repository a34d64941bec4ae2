using BitArk.Replication.Follower;
using BitArk.Replication.Messages;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

// The log's owner: one thing at a time. While a sync is under way everything for the log waits, and what comes in between
// (a crash, a promise) meets bytes that are not durable.
internal sealed partial class SimReplica
{
    private readonly Queue<Func<bool>> _mail = [];
    private bool _isSyncUnderWay;
    private (Epoch Epoch, NodeId? Leader) _syncedFor;

    /// <summary>Whether bytes are on their way to the disk.</summary>
    public bool IsSyncUnderWay => _isSyncUnderWay;

    /// <summary>The process ends while they are: some calls of the write and its sync were made, the last one half.</summary>
    public void EndInsideSync(int calls)
    {
        _disk.EndAfter(calls);
        try
        {
            _store?.Log.Flush();
        }
        catch (Exception e) when (e is Disk.ProcessEndedException or Storage.Disk.DiskException or WalFailedException)
        {
            // What was meant to happen.
        }
    }

    // False of the work: it has to come again, when what is pending is durable.
    private void OnLog(Func<bool> work)
    {
        if (_store is null)
            return;
        _mail.Enqueue(work);
        Work();
    }

    private void Work()
    {
        while (!_isSyncUnderWay && _store is not null && _mail.TryPeek(out var work))
        {
            if (work())
                _mail.TryDequeue(out _);
            else
                BeginSync();
        }

        if (_store is { Log.PendingBytes: > 0 })
            BeginSync();
    }

    private void BeginSync()
    {
        if (_isSyncUnderWay)
            return;
        _isSyncUnderWay = true;
        _syncedFor = (Promised, _session.State == PullState.Streaming ? _leader : null);
        _node.After(_world.Random.Between(TimeSpan.FromMicroseconds(50), _world.Settings.SlowestSync) + _node.SyncDelay, EndSync);
    }

    private void EndSync()
    {
        if (_store is null)
            return;
        Log.Flush();
        _isSyncUnderWay = false;
        MakeSpare();
        _world.Trace.Add(_node.Index, "synced", WrittenLsn.Value);
        OnWritten();
        if (_world.Plant == Plant.LateAck)
            AckLate();
        Work();
    }

    // Planted: the bytes count for the leader that sent them, although another epoch was promised while they were written.
    private void AckLate()
    {
        if (_syncedFor is ({ } epoch, { } leader) && epoch < Promised)
            Send(_world.IndexOf(leader), new Ack(_world.Cluster, World.Partition, epoch, _node.Id, WrittenLsn, AppliedLsn, 0, MinRetainedLsn, Lsn.Zero, -1, IsDamaged: false, IsLearning));
    }

    private void MakeSpare()
    {
        if (Log.NeedsSpare)
            Log.OfferSpare(Log.Segments.Create(Log.SpareIndex));
    }

    // What is durable now counts: for the leader's commit, or in a follower's ack.
    private void OnWritten()
    {
        if (_lead is not null)
            OnWrittenAsLeader();
        else
            OnWrittenAsFollower();
    }

    private void WriteMark()
    {
        if (_store is not null)
            Log.WriteMark(CommitLsn);
    }

    private void CommitTo(Lsn commit)
    {
        if (commit <= CommitLsn)
            return;
        CommitLsn = commit;
        _world.Safety.Look(_node);
        Apply();
    }

    // By reading the log, as the product does for everything that has no waiting caller.
    private void Apply()
    {
        while (_store is not null && AppliedLsn < CommitLsn)
        {
            switch (_reader!.Read(AppliedLsn, CommitLsn, 32 * 1024, 1_000))
            {
                case LogReadResult.Range range:
                    _store.State.ApplyShipped(range.Bytes.Span, range.Start);
                    break;
                case LogReadResult.Damaged damaged:
                    BecomeDamaged(damaged.Reason);
                    return;
                default:
                    throw new Engine.ViolationException("apply", $"{_node} cannot read {AppliedLsn} up to its own commit {CommitLsn}");
            }
        }

        if (_store is not null)
            SnapshotIfDue();
    }
}
