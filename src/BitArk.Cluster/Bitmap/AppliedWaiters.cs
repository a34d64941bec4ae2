namespace BitArk.Cluster.Bitmap;

/// <summary>
/// Readers that wait until a position has been applied. The waiter registers and then looks once more; the applier
/// publishes and then looks for waiters: whichever comes second sees the other, so nobody sleeps through. Any thread.
/// </summary>
internal sealed class AppliedWaiters
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private volatile bool _any;

    /// <summary>Completes when <see cref="Applied"/> was told <paramref name="lsn"/> or more; abandoned waiters go then, too.</summary>
    /// <param name="lsn">The position waited for.</param>
    /// <param name="appliedNow">Reads the published position.</param>
    public Task When(Lsn lsn, Func<Lsn> appliedNow)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.Enqueue(waiter, lsn.Value);
            _any = true;
        }

        Interlocked.MemoryBarrier();
        if (appliedNow() >= lsn)
            waiter.TrySetResult();

        return waiter.Task;
    }

    /// <summary>Wakes those whose position was reached; the position has been published before.</summary>
    public void Applied(Lsn lsn)
    {
        Interlocked.MemoryBarrier();
        if (!_any)
            return;

        lock (_gate)
        {
            while (_waiting.TryPeek(out var waiter, out var wanted) && wanted <= lsn.Value)
            {
                _waiting.Dequeue();
                waiter.TrySetResult();
            }

            _any = _waiting.Count > 0;
        }
    }
}
