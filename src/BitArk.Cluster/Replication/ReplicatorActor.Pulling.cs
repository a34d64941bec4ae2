using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Checkpoints;
using BitArk.Replication.Epochs;
using BitArk.Replication.Messages;
using BitArk.Replication.Sync;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Replication;

// Where the follower may go on, and the snapshot that is kept for it meanwhile.
internal sealed partial class ReplicatorActor
{
    private SnapshotPin? _pin;
    private TimeSpan _pinnedUntil;
    private double _syncProgress;
    private long _fullSyncs;
    private SnapshotProtocol.Take? _asked;
    private bool _snapshotOffered;

    private void OnPull(PullFrom pull)
    {
        switch (_progress.OnPull(pull, LogView(), Now))
        {
            case PullAnswer.OtherEpoch:
                Sender.Tell(new WrongEpoch(_cluster, _status.Id, _epoch, pull.Nonce, _self));
                break;
            case PullAnswer.Stream stream:
                _target = Sender;
                ReleasePin();
                _doubt.Settle();
                _target.Tell(new StreamFrom(_cluster, _status.Id, _epoch, pull.Nonce, stream.From, _replica.Store.Log.WrittenLsn), Self);
                Pump();
                break;
            case PullAnswer.Truncate truncate:
                _target = Sender;
                _target.Tell(new TruncateTo(_cluster, _status.Id, _epoch, pull.Nonce, truncate.To, truncate.KeepEpoch), Self);
                break;
            case PullAnswer.FullSync sync:
                _target = Sender;
                OfferSnapshot(pull.Nonce, sync.Reason);
                break;
        }
    }

    // The same snapshot again while the transfer lasts, so that it can go on where it broke.
    private void OfferSnapshot(long nonce, FullSyncReason reason)
    {
        if (_pin is not null)
        {
            if (IsSound(_pin) is not { } isSound)
                return;
            if (!isSound)
                ReleasePin();
        }

        if (_pin is null && (_pin = PinNewest()) is null)
        {
            AskForSnapshot();
            return;
        }

        if (!_snapshotOffered)
        {
            _snapshotOffered = true;
            _fullSyncs++;
            _logger.Info("Partition {0}: {1} needs a full sync ({2}); the snapshot at {3} and the log behind it are kept for it.", _status.Id, _follower, reason, _pin.Lsn);
        }

        KeepPin(_progress.LastAck?.SyncProgress ?? -1);
        _target.Tell(new NeedFullSync(_cluster, _status.Id, _epoch, nonce, _pin.Lsn, _pin.Bytes, _environment.GrpcAuthority()), Self);
    }

    private SnapshotPin? PinNewest()
    {
        var snapshots = _replica.Store.Snapshots;
        return snapshots.Newest is { } newest && newest.Lsn >= _replica.Store.Log.MinRetainedLsn ? snapshots.Pin(newest.Lsn) : null;
    }

    // The follower asks again, and gets the snapshot once it is written and verified.
    private void AskForSnapshot()
    {
        if (_asked is { Answer.Task.IsCompleted: false })
            return;

        _asked = new SnapshotProtocol.Take();
        _replica.Snapshots.Tell(_asked, ActorRefs.NoSender);
    }

    private void KeepPin(double fetched)
    {
        var until = Now + PinPatience.After(fetched, _pin!.Bytes);
        if (until > _pinnedUntil)
            _pinnedUntil = until;
    }

    // Each sign of progress keeps the pin; a transfer that stands still, or a follower that is gone, does not.
    private void ReleasePinIfDue()
    {
        if (_pin is null)
            return;

        if (_progress.LastAck?.SyncProgress is { } fetched && fetched != _syncProgress)
        {
            _syncProgress = fetched;
            KeepPin(fetched);
        }

        if (Now > _pinnedUntil)
            ReleasePin();
    }

    private void ReleasePin()
    {
        _pin?.Dispose();
        (_pin, _snapshotOffered, _pinnedUntil) = (null, false, default);
    }

    private LeaderLogView LogView()
    {
        var log = _replica.Store.Log;
        var history = new EpochHistory(log.Epochs.Entries.Select(entry => new EpochBoundary(entry.Epoch, entry.First)));
        return new LeaderLogView(_epoch, history, log.Geometry.Origin, log.MinRetainedLsn, log.WrittenLsn);
    }
}
