using System.Diagnostics;
using BitArk.Protocol.V1;

namespace BitArk.Chaos.Clusters;

/// <summary>Samples the leader's memory and what it says of one follower.</summary>
internal sealed class SlowWatch(Trio trio, Member follower)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private List<long> _resident = [];

    /// <summary>What the leader said of the follower.</summary>
    public SortedSet<string> Statuses { get; } = [];

    /// <summary>How far the follower was behind at worst.</summary>
    public long WorstLagBytes { get; private set; }

    /// <summary>Samples for so long.</summary>
    public async Task SampleAsync(TimeSpan during)
    {
        var elapsed = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(Every);
        while (elapsed.Elapsed < during && await ticks.WaitForNextTickAsync())
        {
            _resident.Add(trio.Leader.Running.ResidentBytes());
            if (await trio.TryReplicaAsync(follower.Name, partition: 0) is not { } seen)
                continue;
            Statuses.Add(seen.Status);
            WorstLagBytes = Math.Max(WorstLagBytes, seen.LagBytes);
        }
    }

    /// <summary>The memory of the samples since the last call, in five steps over time.</summary>
    public string TakeMemory()
    {
        (List<long> taken, _resident) = (_resident, []);
        IEnumerable<long> steps = Enumerable.Range(0, 5).Select(step => taken[step * (taken.Count - 1) / 4] >> 20);
        return $"{string.Join(" -> ", steps)} MiB";
    }
}
