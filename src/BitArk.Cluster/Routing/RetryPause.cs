namespace BitArk.Cluster.Routing;

/// <summary>The waits between attempts of one call: until something is known to have changed, or a little longer each time. One caller.</summary>
internal sealed class RetryPause
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    private TimeSpan _next = First;

    /// <summary>False: the caller has stopped waiting.</summary>
    /// <param name="changed">Ends the wait early.</param>
    /// <param name="deadline">Ends it for good.</param>
    public async ValueTask<bool> TryWaitAsync(Task changed, CancellationToken deadline)
    {
        try
        {
            await changed.WaitAsync(_next, deadline).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing is known to have changed here; the other side may have.
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return true;
    }
}
