using BitArk.Storage.Disk;

namespace BitArk.Storage.Replica;

// What a replica of several promises. Any thread; one at a time.
public sealed partial class ReplicaStore
{
    private readonly Lock _promising = new();
    private volatile EpochPromise _promised;
    private Exception? _promiseFailure;

    /// <summary>The highest epoch promised, and to whom. Durable. Any thread.</summary>
    public EpochPromise Promised => _promised;

    /// <summary>
    /// Makes a promise durable; once this has returned, no restart forgets it, and the answer may be sent. The same promise
    /// again is no I/O. Whether to give it is for the caller's rules; a lower one is refused here, too.
    /// </summary>
    /// <param name="epoch">Above <see cref="Promised"/>, or equal to it with the same proposer.</param>
    /// <param name="proposer">Who asked; empty when it was heard from the leader of that epoch, whose proposer is not known: then no proposer of the same epoch gets it.</param>
    /// <exception cref="ArgumentException">It would break a promise.</exception>
    /// <exception cref="DiskException">Final: whether the promise would survive a restart is unknown, so the process must end.</exception>
    public void Promise(Epoch epoch, Guid proposer)
    {
        lock (_promising)
        {
            RefuseAfterFailure();
            var promise = new EpochPromise(epoch, proposer);
            if (promise == _promised)
                return;
            if (epoch <= _promised.Epoch)
                throw new ArgumentException($"{epoch} cannot be promised: {_promised.Epoch} was promised to {_promised.Proposer}.", nameof(epoch));
            MakeDurable(promise);
            _promised = promise;
        }
    }

    /// <summary>
    /// This replica leads an epoch from here on: <see cref="Epoch"/> is that of its appends. A majority's promises come first,
    /// its own among them. The promise is spent by it: durably, it is to no proposer any more, so the order to lead that comes a
    /// second time, or after a restart that lost what was appended, is not obeyed again.
    /// </summary>
    /// <param name="epoch">The epoch promised, above every epoch in the log: an epoch is led once.</param>
    /// <exception cref="InvalidOperationException">It was not promised to a proposer here, was led before, or the log has reached it.</exception>
    /// <exception cref="DiskException">Final, as for <see cref="Promise"/>.</exception>
    public void BeginEpoch(Epoch epoch)
    {
        lock (_promising)
        {
            RefuseAfterFailure();
            if (epoch != _promised.Epoch || epoch <= Log.LastEpoch || _promised.Proposer == Guid.Empty)
                throw new InvalidOperationException($"{epoch} cannot begin: {_promised.Epoch} is promised to '{_promised.Proposer}', and the log has reached {Log.LastEpoch}.");
            var spent = new EpochPromise(epoch, Guid.Empty);
            MakeDurable(spent);
            _promised = spent;
            Epoch = epoch;
        }
    }

    /// <summary>What a replica that cannot be opened has promised; null when its <c>epoch.mark</c> is missing or unreadable.</summary>
    /// <exception cref="DiskException">The disk failed in a way that says nothing of the file.</exception>
    public static EpochPromise? TryReadPromise(ReplicaOptions options, IDisk disk)
    {
        ArgumentNullException.ThrowIfNull(options);
        return EpochMarkFile.TryRead(options.Directory, options.Meta.ClusterId, disk);
    }

    private void RefuseAfterFailure()
    {
        if (_promiseFailure is not null)
            throw new InvalidOperationException("An earlier promise failed half-way; restart the process.", _promiseFailure);
    }

    private void MakeDurable(EpochPromise promise)
    {
        try
        {
            EpochMarkFile.Raise(_directory, _cluster, promise, _disk);
        }
        catch (Exception failure)
        {
            _promiseFailure = failure;
            throw;
        }
    }
}
