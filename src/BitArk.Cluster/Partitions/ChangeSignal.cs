namespace BitArk.Cluster.Partitions;

/// <summary>
/// Wakes whoever waits for a change. Take <see cref="Next"/>, look, and then wait for it: a change in between has completed
/// it. Costs nothing while nobody waits. Any thread.
/// </summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource? _waiting;

    /// <summary>Completes at the next change.</summary>
    public Task Next
    {
        get
        {
            var waiting = Volatile.Read(ref _waiting);
            if (waiting is not null)
                return waiting.Task;

            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _waiting, made, null) ?? made).Task;
        }
    }

    /// <summary>Something has changed; what it is, is visible already.</summary>
    public void Raise() => Interlocked.Exchange(ref _waiting, null)?.TrySetResult();
}
