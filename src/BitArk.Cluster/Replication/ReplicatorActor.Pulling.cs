using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Partitions;
using BitArk.Replication.Epochs;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;
using BitArk.Replication.Sync;
using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Replication;

// Where the follower may go on, and the snapshot that is kept for it meanwhile.
internal sealed partial class ReplicatorActor
{
    private SnapshotPin? _pin;
    private TimeSpan _pinnedUntil;
    private double _syncProgress;
    private long _leastLag;
    private Lsn _soundFrom;
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

                // From here on it is kept for coming nearer: neither for a file that is checked and installed, nor for asking.
                if (_pinnedUntil > Now + PinPatience.WhileFetching)
                    _pinnedUntil = Now + PinPatience.WhileFetching;
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
        // Nothing can be read behind it any more.
        if (_pin?.Lsn < ServedFrom)
            ReleasePin();
        if (_pin is not null)
        {
            if (IsSound(_pin) is not { } isSound)
                return;
            if (!isSound)
                ReleasePin();
        }

        if (_pin is null)
        {
            _leastLag = long.MaxValue;
            if ((_pin = PinNewest()) is null)
            {
                AskForSnapshot();
                return;
            }
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
        return snapshots.Newest is { } newest && newest.Lsn >= ServedFrom ? snapshots.Pin(newest.Lsn) : null;
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

    // Where the log begins that a follower can be given.
    private Lsn ServedFrom => Lsn.Max(_replica.Store.Log.MinRetainedLsn, _soundFrom);

    // Where a restart of this replica would not look, neither has the follower to: it gets the snapshot behind it. Of the rest a restart judges anew: it reads
    // every byte of it.
    private void OnRot(LogReadResult.Damaged rot)
    {
        var what = $"the log is damaged at {rot.Lsn} ({rot.FilePath}): {rot.Reason}";
        if (_replica.Store.Snapshots.Newest is not { } newest || newest.Lsn <= rot.Lsn)
        {
            Context.Parent.Tell(new PartitionProtocol.StorageFailed(what));
            return;
        }

        _logger.Error("Partition {0}: {1}. The snapshot at {2} covers it, and {3} gets that instead.", _status.Id, what, newest.Lsn, _follower);
        _soundFrom = newest.Lsn;
        _progress.NotRetained();
    }

    // Each sign of progress keeps the pin; a transfer that stands still, or a follower that is gone, does not. It is kept beyond the transfer, until the
    // follower has the log behind it, too: that may have grown by more than it may lag, and what is collected now would cost it another snapshot.
    private void ReleasePinIfDue()
    {
        if (_pin is null)
            return;

        if (_progress.State == FollowerState.Streaming)
            KeepPinWhileItNears(_replica.Store.Log.WrittenLsn.BytesSince(_progress.NeededFrom ?? Lsn.Zero));
        else if (_progress.LastAck?.SyncProgress is { } fetched && fetched != _syncProgress)
        {
            _syncProgress = fetched;
            KeepPin(fetched);
        }

        if (Now > _pinnedUntil)
            ReleasePin();
    }

    // By an eighth of what it lacks, each time: one that hardly gains on the log would hold more and more of it. Who does not is left to the bounds of its lag.
    private void KeepPinWhileItNears(long lag)
    {
        if (lag < _leastLag - (_leastLag / 8))
        {
            _leastLag = lag;
            KeepPin(0);
        }

        if (lag <= _status.Settings.Replication.SendWindowBytes)
            _pinnedUntil = default;
    }

    private void ReleasePin()
    {
        _pin?.Dispose();
        (_pin, _snapshotOffered, _pinnedUntil) = (null, false, default);
    }

    private LeaderLogView LogView()
    {
        var log = _replica.Store.Log;

        // The end first: the log grows meanwhile on another thread, and an epoch that has begun within what is called written must be among the epochs. Else
        // the one before it would seem to reach to the end, and a follower's tail of it to be part of this log. One that begins behind the end does no harm.
        var written = log.WrittenLsn;
        var history = new EpochHistory(log.Epochs.Entries.Select(entry => new EpochBoundary(entry.Epoch, entry.First)));
        return new LeaderLogView(_epoch, history, log.Geometry.Origin, ServedFrom, written);
    }
}
