namespace BitArk.Cluster.Bitmap;

/// <summary>
/// Readers that wait until a position has been applied. The waiter registers and then looks once more; the applier
/// publishes and then looks for waiters: whichever comes second sees the other, so nobody sleeps through. Any thread.
/// </summary>
internal sealed class AppliedWaiters
{
    private const int LeastSwept = 64;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private volatile bool _any;
    private int _sweepAt = LeastSwept;

    /// <summary>How many are registered, abandoned ones that were not swept away yet included.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Completes when <see cref="Applied"/> was told <paramref name="lsn"/> or more; cancelled when it is abandoned.</summary>
    /// <param name="lsn">The position waited for: a client's word, so it may never come.</param>
    /// <param name="appliedNow">Reads the published position.</param>
    /// <param name="abandoned">Nobody waits any more.</param>
    public async Task When(Lsn lsn, Func<Lsn> appliedNow, CancellationToken abandoned)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = abandoned.UnsafeRegister(static (waiter, token) => ((TaskCompletionSource)waiter!).TrySetCanceled(token), waiter).ConfigureAwait(false);
        lock (_gate)
        {
            _waiting.Enqueue(waiter, lsn.Value);
            _any = true;
            if (_waiting.Count >= _sweepAt)
                Sweep();
        }

        Interlocked.MemoryBarrier();
        if (appliedNow() >= lsn)
            waiter.TrySetResult();

        await waiter.Task.ConfigureAwait(false);
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

    // When as many have come as were left the last time: so a look at all of them is paid for by those.
    private void Sweep()
    {
        (TaskCompletionSource, long)[] left = [.. _waiting.UnorderedItems.Where(item => !item.Element.Task.IsCompleted)];
        _waiting.Clear();
        _waiting.EnqueueRange(left);
        _sweepAt = Math.Max(LeastSwept, 2 * left.Length);
    }
}
