namespace BitArk.Cluster.Tests.Support;

/// <summary>Looks again until something holds, for what happens in the background of a node.</summary>
internal static class Eventually
{
    public static async Task HoldsAsync(Func<bool> condition, string what, TimeSpan? atMost = null)
    {
        using var deadline = new CancellationTokenSource(atMost ?? TimeSpan.FromSeconds(20));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"It never came true that {what}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
