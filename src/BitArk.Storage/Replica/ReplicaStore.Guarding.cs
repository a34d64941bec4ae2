using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// The other place where a promise is kept: a journal that storage knows nothing of but that it is there. Any thread; one at a time.
public sealed partial class ReplicaStore
{
    private volatile bool _isGuarded;

    /// <summary>Whether promises of this replica are in a guard's journal; one that has none of them has lost them then.</summary>
    public bool IsGuarded => _isGuarded;

    /// <summary>
    /// Records durably that a promise of this replica is in a guard's journal. After the first of them is, and before <see cref="Promise"/>:
    /// then a mark that is above an empty journal is either older than all guards, or has this record beside it. No I/O from then on.
    /// </summary>
    /// <exception cref="DiskException">It is not durable. Repeat it, or end.</exception>
    public void RecordGuard()
    {
        if (_isGuarded)
            return;
        AtomicFile.Write(_disk, _directory.GuardMarkPath, "guarded\n"u8);
        _isGuarded = true;
    }

    /// <summary>
    /// Takes over what was agreed with the guard's journal at a start. In contrast to <see cref="Promise"/> the epoch
    /// promised may be taken from its proposer, so that nobody has it: that breaks no promise, it only gives less.
    /// </summary>
    /// <param name="agreed">Not below <see cref="Promised"/>.</param>
    /// <exception cref="ArgumentException">It would break a promise.</exception>
    /// <exception cref="DiskException">Final, as for <see cref="Promise"/>.</exception>
    public void AgreeOn(EpochPromise agreed)
    {
        ArgumentNullException.ThrowIfNull(agreed);
        lock (_promising)
        {
            RefuseAfterFailure();
            if (agreed == _promised)
                return;
            if (agreed.Epoch < _promised.Epoch || (agreed.Epoch == _promised.Epoch && agreed.Proposer != Guid.Empty))
                throw new ArgumentException($"{agreed} cannot be agreed on: {_promised} stands.", nameof(agreed));
            MakeDurable(agreed);
            _promised = agreed;
        }
    }
}
