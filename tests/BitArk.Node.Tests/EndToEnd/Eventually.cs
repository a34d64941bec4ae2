namespace BitArk.Node.Tests.EndToEnd;

/// <summary>Waits for what a process comes to, by asking it.</summary>
internal static class Eventually
{
    /// <summary>Asks until it is so, or fails the test.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what, TimeSpan atMost)
    {
        using var deadline = new CancellationTokenSource(atMost);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"It never came true that {what}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
