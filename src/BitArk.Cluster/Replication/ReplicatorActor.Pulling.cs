using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Checkpoints;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Replication;

// Where the follower may go on, and the snapshot that is kept for it meanwhile.
internal sealed partial class ReplicatorActor
{
    private static readonly TimeSpan PinTimeout = TimeSpan.FromMinutes(2);

    private IDisposable? _pin;
    private Lsn _pinnedLsn;
    private TimeSpan _pinnedUntil;
    private bool _snapshotAsked;

    private void OnPull(PullFrom pull)
    {
        if (pull.Epoch != _epoch)
        {
            Sender.Tell(new WrongEpoch(_cluster, _status.Id, _epoch, pull.Nonce, new NodeId(_status.Settings.NodeName)));
            return;
        }

        _target = Sender;
        switch (_progress.OnPull(pull, LogView(), Now))
        {
            case PullAnswer.Stream stream:
                ReleasePin();
                _target.Tell(new StreamFrom(_cluster, _status.Id, _epoch, pull.Nonce, stream.From), Self);
                Pump();
                break;
            case PullAnswer.Truncate truncate:
                _target.Tell(new TruncateTo(_cluster, _status.Id, _epoch, pull.Nonce, truncate.To), Self);
                break;
            case PullAnswer.FullSync sync:
                OfferSnapshot(pull.Nonce, sync.SnapshotLsn, sync.SnapshotBytes);
                break;
            case PullAnswer.SnapshotNeeded:
                AskForSnapshot();
                break;
        }
    }

    // The follower asks again, and gets the snapshot once it is written and verified.
    private void AskForSnapshot()
    {
        if (_snapshotAsked)
            return;

        _snapshotAsked = true;
        _replica.Snapshots.Tell(new SnapshotProtocol.Take(), ActorRefs.NoSender);
    }

    private void OfferSnapshot(long nonce, Lsn snapshot, long bytes)
    {
        _snapshotAsked = false;
        if (_pin is null || _pinnedLsn != snapshot)
        {
            ReleasePin();
            _pin = _replica.Store.Snapshots.Pin(snapshot);
            _pinnedLsn = snapshot;
            _logger.Info("Partition {0}: {1} needs a full sync; the snapshot at {2} is kept for it.", _status.Id, _follower, snapshot);
        }

        _pinnedUntil = Now + PinTimeout;
        _target.Tell(new NeedFullSync(_cluster, _status.Id, _epoch, nonce, snapshot, bytes, _environment.GrpcAuthority()), Self);
    }

    private void ReleasePinIfDue()
    {
        if (_progress.IsSyncing)
            _pinnedUntil = Lasting(_pinnedUntil);
        if (_pin is not null && Now > _pinnedUntil)
            ReleasePin();
    }

    // Each sign of progress keeps it; a transfer that stands still, or a follower that is gone, does not.
    private TimeSpan Lasting(TimeSpan until) => _progress.SyncAdvancedAt + PinTimeout is var lasting && lasting > until ? lasting : until;

    private void ReleasePin()
    {
        _pin?.Dispose();
        _pin = null;
    }

    private LeaderLogView LogView()
    {
        var store = _replica.Store;
        var newest = store.Snapshots.Newest;
        return new LeaderLogView(
            store.Log.WrittenLsn, store.Log.MinRetainedLsn, [.. store.Log.Epochs.Entries.Select(entry => new EpochBeginning(entry.Epoch, entry.First))],
            newest is null ? null : new SnapshotOffer(newest.Lsn, newest.Bytes));
    }
}
