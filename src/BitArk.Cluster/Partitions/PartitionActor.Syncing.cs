using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Log;
using BitArk.Replication.Failover;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

// A whole snapshot of the leader's has arrived: this replica's actors end, the snapshot takes the place of its log and
// snapshots, and the replica is opened again as after a start. The node, the front ends and the guard stay.
internal sealed partial class PartitionActor
{
    private Action? _whenEnded;
    private bool _isDamaged;
    private string? _failedMeanwhile;
    private Lsn _closedAt;

    private void OnInstall(PartitionProtocol.Install install)
    {
        _logger.Info("Partition {0}: installing the leader's snapshot at {1}.", _status.Id, install.SnapshotLsn);
        _status.Phase = new PartitionPhase.Syncing(1);
        EndReplica(() => Install(install));
    }

    private void EndReplica(Action then)
    {
        _whenEnded = then;
        Report(ReplicaStanding.Away);
        Become(EndingReplica);
        Context.Stop(_follower);
        _follower = ActorRefs.Nobody;
        if (_replica is null)
            EndChildren();
        else
            _replica.Snapshots.Tell(new SnapshotProtocol.Halt());
    }

    private void EndingReplica()
    {
        Receive<SnapshotProtocol.Halted>(_ => _replica!.Wal.Tell(new WalProtocol.Close()));
        Receive<WalProtocol.Closed>(OnClosedForInstall);
        Receive<BitmapProtocol.Drained>(_ => EndWhenAllAreAnswered());
        Receive<PartitionProtocol.LookForWrites>(_ => EndWhenAllAreAnswered());
        Receive<Terminated>(_ => OnReplicaChildGone());
        Receive<PartitionProtocol.WorkEnded>(_ => _whenEnded!());
        Receive<PartitionProtocol.Stop>(OnStopWhileEnding);
        ReceiveEnd();
        IgnoreReplicas();
    }

    private void OnClosedForInstall(WalProtocol.Closed closed)
    {
        _closedAt = closed.WrittenLsn;
        _replica!.Bitmap.Tell(new BitmapProtocol.Drain());
    }

    private void OnStopWhileEnding(PartitionProtocol.Stop stop)
    {
        NoteStop(stop);
        _whenEnded = AwaitWorkToStop;
    }

    private void AwaitWorkToStop()
    {
        Become(Closing);
        AwaitWork();
    }

    // A write of a leadership that has just ended may still be on its way between the actors: who is stopped answers nobody.
    private void EndWhenAllAreAnswered()
    {
        if (_status.Admission.PendingBytes > 0)
            Timers.StartSingleTimer("look", PartitionProtocol.LookForWrites.Instance, LookInterval);
        else
            EndChildren();
    }

    private void EndChildren()
    {
        foreach (var child in Context.GetChildren().Where(child => !child.Equals(_guard)))
        {
            _childrenLeft++;
            Context.Watch(child);
            Context.Stop(child);
        }

        if (_childrenLeft == 0)
            OnReplicaEnded();
    }

    private void OnReplicaChildGone()
    {
        if (--_childrenLeft == 0)
            OnReplicaEnded();
    }

    // Readers may still be in the old memory: it is freed when the last of them has let go (see PartitionState).
    private void OnReplicaEnded()
    {
        (_promising, _appointment) = (null, null);
        _status.Snapshots = null;
        _status.Replica = null;
        _replica = null;
        _store?.Log.Dispose();
        _store = null;

        // A promise of the old one that is still being written must not land on the new one's mark.
        AwaitWork();
    }

    private void Install(PartitionProtocol.Install install)
    {
        Become(Installing);
        var attempt = ++_attempt;
        var (options, disk, isRepair, written) = (_environment.OptionsOf(_status), _environment.Disk, _isDamaged, _closedAt);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                ReplicaInstall.Run(options, disk, install.SnapshotLsn, new EpochPromise(install.Epoch, Guid.Empty), isRepair, written);
                FreeWhatNobodyReads();
                return new PartitionProtocol.Installed(attempt);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.InstallFailed(attempt, e);
            }
        }).PipeTo(Self);
    }

    private void Installing()
    {
        Receive<PartitionProtocol.Installed>(OnInstalled);
        Receive<PartitionProtocol.InstallFailed>(OnInstallFailed);
        Receive<PartitionProtocol.StorageFailed>(failed => _failedMeanwhile ??= failed.Reason);
        Receive<GuardProtocol.Failed>(OnGuardFailedWhileInstalling);
        IgnoreGuard();
        Receive<PartitionProtocol.Stop>(OnStopWhileInstalling);
        IgnoreReplicas();
    }

    // Damage is repaired with the replica: see ReplaceGuard.
    private void OnGuardFailedWhileInstalling(GuardProtocol.Failed failed)
    {
        if (failed.IsDamage)
            (_guard, _lostPromises) = (ActorRefs.Nobody, failed.Reason);
        else
            _failedMeanwhile ??= failed.Reason;
    }

    private void OnStopWhileInstalling(PartitionProtocol.Stop stop)
    {
        NoteStop(stop);
        Become(FinishingInstall);
    }

    private void FinishingInstall()
    {
        Receive<PartitionProtocol.Installed>(_ => AnswerStopped());
        Receive<PartitionProtocol.InstallFailed>(_ => AnswerStopped());
        Receive<PartitionProtocol.Stop>(NoteStop);
        IgnoreReplicas();
    }

    private void OnInstalled(PartitionProtocol.Installed installed)
    {
        if (installed.Attempt != _attempt)
            return;

        if (_failedMeanwhile is { } reason)
        {
            Fail(reason);
            return;
        }

        _isDamaged = false;
        ReplaceGuard();
        _status.Wire.FullSync();
        Become(Recovering);
        Open();
    }

    // The intent is durable: only a start can complete it, and will.
    private void OnInstallFailed(PartitionProtocol.InstallFailed failed)
    {
        if (failed.Attempt == _attempt)
            Fail($"the leader's snapshot could not be installed: {failed.Cause.Message}");
    }

    // The collector would not hurry for a few small objects, whose native memory it does not see.
    private static void FreeWhatNobodyReads() => GC.Collect();
}
