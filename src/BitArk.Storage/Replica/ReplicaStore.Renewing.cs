using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// An open replica that changes hands: who used it has ended, and somebody else goes on with it.
public sealed partial class ReplicaStore
{
    private readonly bool _isOneOfSeveral;

    /// <summary>
    /// Goes on with a replica whose users have ended in order, as <see cref="Open"/> would, but without reading anything again:
    /// one of several leads no epoch and keeps what it promised, a lone one gets its next epoch, durable.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something of it is not known to be durable: only the disk can tell what it holds.</exception>
    /// <exception cref="DiskException">Final, as for <see cref="Promise"/>.</exception>
    public void Renew()
    {
        if (Log.IsFailed || Log.PendingBytes > 0)
            throw new InvalidOperationException("The log was not ended in order, so the replica has to be opened from the disk.");
        lock (_promising)
        {
            RefuseAfterFailure();
            Epoch = Epoch.None;
            RenewPromise(_isOneOfSeveral);
        }
    }
}
