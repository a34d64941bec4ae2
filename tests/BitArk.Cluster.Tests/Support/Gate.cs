namespace BitArk.Cluster.Tests.Support;

/// <summary>Holds a thread back until the test lets it through.</summary>
internal sealed class Gate
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TaskCompletionSource _open = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first thread has come to the gate.</summary>
    public Task Reached => _reached.Task.WaitAsync(Patience);

    public void Pass()
    {
        _reached.TrySetResult();
        Assert.True(_open.Task.Wait(Patience), "The gate was never opened.");
    }

    public void Open() => _open.TrySetResult();
}
