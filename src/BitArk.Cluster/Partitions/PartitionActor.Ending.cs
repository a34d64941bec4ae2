using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Log;
using BitArk.Replication.Failover;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

// Ending: snapshot given up, log flushed and marked, everything applied, every caller answered; only then the files are closed, or
// the open replica is left for the next ActorSystem.
internal sealed partial class PartitionActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    private readonly HashSet<IActorRef> _stoppers = [];
    private int _childrenLeft;
    private bool _keeps;

    // Of several orders the one that ends more wins.
    private void NoteStop(PartitionProtocol.Stop stop)
    {
        _keeps = stop.Keep && (_keeps || _stoppers.Count == 0);
        _stoppers.Add(Sender);
        if (_status.Phase is PartitionPhase.Failed)
            return;

        _status.Phase = _keeps ? new PartitionPhase.Rejoining(_status.Phase.IsReadable) : new PartitionPhase.Stopping();
    }

    private void OnStopWhileRecovering(PartitionProtocol.Stop stop)
    {
        NoteStop(stop);
        _opening.Cancel();
        Become(GivingUp);
    }

    private void GivingUp()
    {
        Receive<PartitionProtocol.Opened>(opened =>
        {
            _store = opened.Store;
            Close();
        });
        Receive<PartitionProtocol.OpenFailed>(_ => Close());
        Receive<GuardProtocol.Failed>(_ => { });
        Receive<PartitionProtocol.StorageFailed>(_ => { });
        Receive<PartitionProtocol.Stop>(NoteStop);
    }

    // Every state but the ending ones: a storage error, or the order to stop, ends it.
    private void ReceiveEnd()
    {
        Receive<BitmapProtocol.EpochBegun>(_ => { });
        Receive<WalProtocol.EpochDelayed>(_ => { });
        IgnoreGuard();
        Receive<PartitionProtocol.ProposeMyself>(_ => { });
        Receive<PartitionProtocol.VoteSeen>(_ => { });
        Receive<PartitionProtocol.AloneWritten>(OnAloneWritten);
        Receive<GuardProtocol.Failed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.StorageFailed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.Stop>(OnStop);
    }

    private void OnStop(PartitionProtocol.Stop stop)
    {
        // From here on no new write passes the handle: it looks at the phase after it was counted as pending.
        NoteStop(stop);
        _status.Leadership = Leadership.None;
        Report(ReplicaStanding.Away);
        EndHandOver();
        if (_replica is null)
        {
            CloseChildren();
            return;
        }

        _replica.Snapshots.Tell(new SnapshotProtocol.Halt());
        Become(Stopping);
    }

    private void Stopping()
    {
        Receive<SnapshotProtocol.Halted>(_ => _replica!.Wal.Tell(new WalProtocol.Close()));
        Receive<WalProtocol.Closed>(_ => OnLogClosed());
        Receive<BitmapProtocol.Drained>(_ => LookForWrites());
        Receive<PartitionProtocol.LookForWrites>(_ => LookForWrites());
        Receive<BitmapProtocol.EpochBegun>(_ => { });
        Receive<WalProtocol.EpochDelayed>(_ => { });
        IgnoreGuard();
        Receive<GuardProtocol.Failed>(failed => FailWhileStopping(failed.Reason));
        Receive<PartitionProtocol.StorageFailed>(failed => FailWhileStopping(failed.Reason));
        Receive<PartitionProtocol.Stop>(NoteStop);
    }

    // Up to here the followers were served: what was appended last may still have been committed, and its callers answered.
    private void OnLogClosed()
    {
        StopReplicators();
        _replica!.Bitmap.Tell(new BitmapProtocol.Drain());
    }

    private void Closing()
    {
        Receive<Terminated>(_ => OnChildGone());
        Receive<PartitionProtocol.WorkEnded>(_ => Close());
        Receive<PartitionProtocol.Opened>(opened => Discard(opened.Store));
        IgnoreGuard();
        Receive<GuardProtocol.Failed>(_ => { });
        Receive<PartitionProtocol.StorageFailed>(_ => { });
        Receive<PartitionProtocol.Stop>(NoteStop);
    }

    private void Closed()
    {
        Receive<PartitionProtocol.Stop>(_ => Sender.Tell(new PartitionProtocol.Stopped(_status.Id)));
        Receive<PartitionProtocol.Opened>(opened => Discard(opened.Store));
        Receive<PartitionProtocol.StorageFailed>(_ => { });
    }

    // The children stay and answer as long as anybody waits for an answer.
    private void Failed()
    {
        Receive<PartitionProtocol.Stop>(OnStopAfterFailure);
        Receive<SnapshotProtocol.Halted>(_ => OnHaltedAfterFailure());
        Receive<PartitionProtocol.LookForWrites>(_ => LookForWrites());
        Receive<PartitionProtocol.Opened>(opened => Discard(opened.Store));
        IgnoreGuard();
        Receive<GuardProtocol.Failed>(_ => { });
        Receive<PartitionProtocol.StorageFailed>(_ => { });
        Receive<Terminated>(_ => { });
        Receive<BitmapProtocol.EpochBegun>(_ => { });
        Receive<WalProtocol.EpochDelayed>(_ => { });
        Receive<WalProtocol.Closed>(_ => { });
        Receive<BitmapProtocol.Drained>(_ => { });
    }

    private void OnStopAfterFailure(PartitionProtocol.Stop stop)
    {
        NoteStop(stop);
        if (_replica is null)
            CloseChildren();
        else
            _replica.Snapshots.Tell(new SnapshotProtocol.Halt());
    }

    // Who waits for a quorum that may never come is answered now; a BitmapActor that is broken itself has answered already.
    private void OnHaltedAfterFailure()
    {
        _replica!.Bitmap.Tell(new BitmapProtocol.Drain());
        LookForWrites();
    }

    private void FailWhileStopping(string reason)
    {
        Fail(reason);
        _replica!.Snapshots.Tell(new SnapshotProtocol.Halt());
    }

    private void Fail(string reason)
    {
        _logger.Error("Partition {0}: {1}", _status.Id, reason);
        _status.Phase = new PartitionPhase.Failed(reason);
        _status.Leadership = Leadership.None;
        Report(ReplicaStanding.Away);
        _replica?.Wal.Tell(new WalProtocol.Fail(reason));
        Timers.Cancel("look");
        Become(Failed);
        _environment.Failed(_status.Id, reason);
    }

    private void LookForWrites()
    {
        if (_status.Admission.PendingBytes > 0)
            Timers.StartSingleTimer("look", PartitionProtocol.LookForWrites.Instance, LookInterval);
        else
            CloseChildren();
    }

    private void CloseChildren()
    {
        Become(Closing);
        _childrenLeft = 0;
        foreach (var child in Context.GetChildren())
        {
            _childrenLeft++;
            Context.Watch(child);
            Context.Stop(child);
        }

        if (_childrenLeft == 0)
            AwaitWork();
    }

    private void OnChildGone()
    {
        if (--_childrenLeft == 0)
            AwaitWork();
    }

    // Whoever uses the files next, here or after an opening, must find nobody writing there.
    private void AwaitWork() => _status.Jobs.WhenIdle.PipeTo(Self, success: () => PartitionProtocol.WorkEnded.Instance);

    private void Close()
    {
        var store = _store ?? _kept;
        (_store, _kept) = (null, null);
        if (store is { Log.IsFailed: false } && _keeps && _status.Phase is PartitionPhase.Rejoining)
            _status.Keep(store);
        else if (store is not null)
            Discard(store);

        AnswerStopped();
    }

    // The memory stays until the node is disposed: a reader may still be in it, unless it was never shown to one.
    private void Discard(ReplicaStore store)
    {
        if (_status.Replica?.Store == store)
            store.Log.Dispose();
        else
            store.Dispose();
    }

    private void AnswerStopped()
    {
        foreach (var stopper in _stoppers)
            stopper.Tell(new PartitionProtocol.Stopped(_status.Id));

        Become(Closed);
    }
}
