namespace BitArk.Cluster.Partitions;

/// <summary>
/// What runs in the background for one replica. Nobody opens its files anew, or hands them on, while something may still write
/// there: not even after the actor that began it has ended. Any thread.
/// </summary>
internal sealed class ReplicaWork
{
    private readonly Lock _gate = new();
    private int _running;
    private TaskCompletionSource? _idle;

    /// <summary>Completes when nothing runs; at once when nothing does now.</summary>
    public Task WhenIdle
    {
        get
        {
            lock (_gate)
                return _running == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>See <see cref="Background.Run{T}"/>.</summary>
    public async Task<T> Run<T>(Func<T> work)
    {
        Begin();
        try
        {
            return await Background.Run(work).ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    /// <summary>The same for work that waits for the network now and then; ends when all of it has.</summary>
    public async Task RunAsync(Func<Task> work)
    {
        Begin();
        try
        {
            await Background.Run(work).Unwrap().ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    private void Begin()
    {
        lock (_gate)
            _running++;
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_running > 0)
                return;

            _idle?.TrySetResult();
            _idle = null;
        }
    }
}
