using System.Diagnostics;

namespace BitArk.Chaos.Nodes;

/// <summary>Waits for something to become true, within a bound.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again, with a short pause; whether it became true.</summary>
    public static async Task<bool> HoldsAsync(Func<Task<bool>> condition, TimeSpan atMost, TimeSpan? pause = null)
    {
        var elapsed = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(pause ?? TimeSpan.FromMilliseconds(50));
        while (!await condition())
        {
            if (elapsed.Elapsed >= atMost)
                return false;
            await ticks.WaitForNextTickAsync();
        }

        return true;
    }

    /// <summary>The same for a condition that is known at once.</summary>
    public static Task<bool> HoldsAsync(Func<bool> condition, TimeSpan atMost) =>
        HoldsAsync(() => Task.FromResult(condition()), atMost, TimeSpan.FromMilliseconds(1));
}
