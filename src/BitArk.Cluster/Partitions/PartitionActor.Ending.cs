using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Log;
using BitArk.Replication.Failover;

namespace BitArk.Cluster.Partitions;

// Ending: snapshot given up, log flushed and marked, everything applied, every caller answered; only then the files are closed.
internal sealed partial class PartitionActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(5);

    private readonly HashSet<IActorRef> _stoppers = [];
    private int _childrenLeft;

    private void OnStopWhileRecovering(PartitionProtocol.Stop stop)
    {
        _stoppers.Add(Sender);
        _status.Phase = new PartitionPhase.Stopping();
        _opening.Cancel();
        Become(GivingUp);
    }

    private void GivingUp()
    {
        Receive<PartitionProtocol.Opened>(opened =>
        {
            opened.Store.Dispose();
            AnswerStopped();
        });
        Receive<PartitionProtocol.OpenFailed>(_ => AnswerStopped());
        Receive<GuardProtocol.Failed>(_ => { });
        Receive<PartitionProtocol.StorageFailed>(_ => { });
        Receive<PartitionProtocol.Stop>(_ => _stoppers.Add(Sender));
    }

    // Every state but the ending ones: a storage error, or the order to stop, ends it.
    private void ReceiveEnd()
    {
        Receive<BitmapProtocol.EpochBegun>(_ => { });
        Receive<WalProtocol.EpochDelayed>(_ => { });
        IgnoreGuard();
        Receive<GuardProtocol.Failed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.StorageFailed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.Stop>(OnStop);
    }

    private void OnStop(PartitionProtocol.Stop stop)
    {
        _stoppers.Add(Sender);

        // From here on no new write passes the handle: it looks at the phase after it was counted as pending.
        _status.Phase = new PartitionPhase.Stopping();
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
        Receive<PartitionProtocol.Stop>(_ => _stoppers.Add(Sender));
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
        IgnoreGuard();
        Receive<GuardProtocol.Failed>(_ => { });
        Receive<PartitionProtocol.StorageFailed>(_ => { });
        Receive<PartitionProtocol.Stop>(_ => _stoppers.Add(Sender));
    }

    private void Closed()
    {
        Receive<PartitionProtocol.Stop>(_ => Sender.Tell(new PartitionProtocol.Stopped(_status.Id)));
        Receive<PartitionProtocol.StorageFailed>(_ => { });
    }

    // The children stay and answer as long as anybody waits for an answer.
    private void Failed()
    {
        Receive<PartitionProtocol.Stop>(OnStopAfterFailure);
        Receive<SnapshotProtocol.Halted>(_ => OnHaltedAfterFailure());
        Receive<PartitionProtocol.LookForWrites>(_ => LookForWrites());
        Receive<PartitionProtocol.Opened>(opened => opened.Store.Dispose());
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
        _stoppers.Add(Sender);
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
            Close();
    }

    private void OnChildGone()
    {
        if (--_childrenLeft == 0)
            Close();
    }

    // The memory stays until the node is disposed: a reader may still be in it, unless it was never shown to one.
    private void Close()
    {
        if (_replica is null)
            _store?.Dispose();
        else
            _store?.Log.Dispose();

        AnswerStopped();
    }

    private void AnswerStopped()
    {
        foreach (var stopper in _stoppers)
            stopper.Tell(new PartitionProtocol.Stopped(_status.Id));

        Become(Closed);
    }
}
