using Akka.Event;
using BitArk.Replication.Sync;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Replication;

// A snapshot that a follower has fetched whole and asks for again may have rotted here since it was verified.
internal sealed partial class ReplicatorActor
{
    private readonly SnapshotDoubt _doubt = new();
    private Task<string?>? _verifying;

    // Null: it is being read again, which takes long; the follower asks until it is answered. Not by a message: this mailbox may drop it.
    private bool? IsSound(SnapshotPin pin)
    {
        var snapshots = _replica.Store.Snapshots;
        if (snapshots.IsBad(pin.Lsn))
            return false;
        if (!_doubt.IsIn(pin.Lsn))
            return true;
        if (_verifying is null)
            _logger.Warning("Partition {0}: {1} has fetched the snapshot at {2} and asks for it again: it is verified once more.", _status.Id, _follower, pin.Lsn);
        _verifying ??= _status.Jobs.Run(() => snapshots.VerifyAgain(pin.Lsn));
        if (!_verifying.IsCompleted)
            return null;

        _doubt.Settle();
        var verified = _verifying;
        _verifying = null;
        if (verified.IsFaulted)
        {
            _logger.Warning("Partition {0}: the snapshot at {1} could not be verified: {2}. It is offered again.", _status.Id, pin.Lsn, verified.Exception.InnerException?.Message);
            return true;
        }

        if (verified.Result is not { } rot)
            return true;

        _logger.Error("Partition {0}: the snapshot at {1} has rotted since it was written and was set aside ({2}). An older one is offered, or a new one taken.", _status.Id, pin.Lsn, rot);
        return false;
    }
}
