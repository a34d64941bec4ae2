using BitArk.Chaos.Clusters;
using BitArk.Chaos.Nodes;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>What happens to processes: killed, frozen, restarted in good order, told to hand over.</summary>
internal static class ProcessFaults
{
    private static readonly TimeSpan HandOverBound = TimeSpan.FromSeconds(30);

    /// <summary><c>kill -9</c>, and a start some time later.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> KillAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        await victim.KillAsync();
        await scene.PauseAsync(0, 3_000);
        await victim.StartAsync();
        return ([victim], $"{role} killed");
    }

    /// <summary>SIGSTOP, half of the times for longer than a lease, and SIGCONT.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> StopAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        int milliseconds = scene.Random.Next(2) == 0 ? scene.Random.Next(200, 900) : scene.Random.Next(1_500, 6_000);
        await victim.Running.FreezeAsync();
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds));
        victim.Running.Resume();
        return ([victim], $"{role} frozen for {milliseconds} ms");
    }

    /// <summary>SIGTERM, a clean end, and a start.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> RestartAsync(FaultScene scene)
    {
        Member victim = await scene.VictimAsync();
        string role = scene.Role(victim);
        await victim.TerminateAsync();
        await victim.StartAsync();
        return ([victim], $"{role} restarted in good order");
    }

    /// <summary>The leadership of a partition handed to another node.</summary>
    public static async Task<(IReadOnlyList<Member> Met, string What)> TransferAsync(FaultScene scene)
    {
        int partition = scene.Random.Next(scene.Trio.Settings.Partitions);
        string last = "nobody led it";
        string to = "";
        bool moved = await Eventually.HoldsAsync(
            async () =>
            {
                PartitionInfo? now = (await scene.Trio.TryPartitionsAsync()).FirstOrDefault(known => known.Id == partition);
                if (now is null)
                    return false;
                to = to.Length > 0 ? to : scene.Trio.Members.Where(member => member.Name != now.Leader).ElementAt(scene.Random.Next(2)).Name;
                if (now.Leader == to)
                    return true;
                last = await scene.Trio.LeaderView.TryTransferAsync(partition, to);
                return false;
            },
            HandOverBound);
        return moved
            ? ([scene.Trio.Members.First(member => member.Name == to)], $"partition {partition} handed to {to}")
            : throw new NodeException($"partition {partition} was not handed to {to} within {HandOverBound.TotalSeconds} s: {last}");
    }
}
