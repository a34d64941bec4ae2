namespace BitArk.Cluster;

/// <summary>
/// The background work of one partition: who gives its directory free waits for the end of it, for a thread that nobody waits
/// for any more may still be writing there. Any thread.
/// </summary>
internal sealed class BackgroundJobs
{
    private readonly Lock _gate = new();
    private readonly HashSet<Task> _running = [];

    /// <summary>Completes when all that runs now has ended, well or not.</summary>
    public Task WhenIdle
    {
        get
        {
            lock (_gate)
                return Task.WhenAll(_running.Select(job => job.ContinueWith(static _ => { }, TaskScheduler.Default)));
        }
    }

    /// <inheritdoc cref="Background.Run"/>
    public Task<T> Run<T>(Func<T> work)
    {
        var job = Background.Run(work);
        Add(job);
        return job;
    }

    /// <summary>The same for work that waits in between.</summary>
    public Task RunAsync(Func<Task> work)
    {
        var job = Background.Run(work).Unwrap();
        Add(job);
        return job;
    }

    private void Add(Task job)
    {
        lock (_gate)
            _running.Add(job);
        job.ContinueWith(Remove, TaskScheduler.Default);
    }

    private void Remove(Task job)
    {
        lock (_gate)
            _running.Remove(job);
    }
}
