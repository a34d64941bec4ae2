using BitArk.Chaos.Clusters;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>What happens between nodes: packets of one of them are dropped, all protocols alike. Clients reach it all the while.</summary>
internal static class NetworkFaults
{
    /// <summary>One node cut off: in both directions, or only what it sends, or only what it hears.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> CutAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        (bool sends, bool hears, string what) = scene.Random.Next(4) switch
        {
            0 => (true, false, "is not heard"),
            1 => (false, true, "hears nothing"),
            _ => (true, true, "is cut off"),
        };
        int milliseconds = scene.Random.Next(500, 6_000);
        await scene.Network!.CutAsync(scene.IndexOf(victim), sends, hears);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds));
        }
        finally
        {
            await scene.Network.HealAsync();
        }

        return ([victim], $"{role} {what} for {milliseconds} ms");
    }
}
