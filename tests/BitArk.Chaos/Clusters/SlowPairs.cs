using BitArk.Chaos.Nodes;
using BitArk.Chaos.Reporting;

namespace BitArk.Chaos.Clusters;

/// <summary>The same load with a follower throttled and with all well, in pairs; what is compared is within a pair.</summary>
internal sealed class SlowPairs(Trio trio, Member slow, ClusterFleet fleet, TimeSpan during, Report report)
{
    /// <summary>A follower that is caught up so far does no more work than one that was never slow.</summary>
    private const long NearBytes = 1 << 20;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);
    private readonly SlowWatch _watch = new(trio, slow);
    private readonly List<(double Median, double P99, double Rate)> _ratios = [];

    /// <summary>What the leader said of the follower.</summary>
    public IReadOnlySet<string> Statuses => _watch.Statuses;

    /// <summary>How far it was behind at worst.</summary>
    public long WorstLagBytes => _watch.WorstLagBytes;

    /// <summary>Measures both halves of a pair, in the order asked for, and waits after the slow one until the follower is near again.</summary>
    /// <exception cref="NodeException">It did not come back.</exception>
    public async Task RunAsync(bool slowFirst)
    {
        Half slowed = default;
        if (slowFirst)
            slowed = await SlowAsync();
        Half well = await MeasureAsync("all well:    ");
        if (!slowFirst)
            slowed = await SlowAsync();
        _ratios.Add((slowed.Median / well.Median, slowed.P99 / well.P99, slowed.PerSecond / well.PerSecond));
        report.Say($"one at 10 % / all well: median {_ratios[^1].Median:0.00}x, p99 {_ratios[^1].P99:0.00}x, rate {_ratios[^1].Rate:0.00}x");
    }

    /// <summary>Says the median of all pairs; of an even number the upper one.</summary>
    public void SayMedian() =>
        report.Say($"median of {_ratios.Count} pairs: median {Middle(ratio => ratio.Median):0.00}x, p99 {Middle(ratio => ratio.P99):0.00}x, rate {Middle(ratio => ratio.Rate):0.00}x");

    private double Middle(Func<(double Median, double P99, double Rate), double> select) => _ratios.Select(select).Order().ElementAt(_ratios.Count / 2);

    private async Task<Half> SlowAsync()
    {
        Half slowed;
        await using (new DutyCycle(slow.Running))
            slowed = await MeasureAsync("one at 10 %: ");
        await ClusterView.MustBecomeAsync(trio, slow, "Alive", Bound);
        if (!await Eventually.HoldsAsync(async () => await trio.TryReplicaAsync(slow.Name, partition: 0) is { Status: "Alive", LagBytes: < NearBytes }, Bound))
            throw new NodeException($"{slow.Name} did not come near within {Bound.TotalSeconds} s");
        return slowed;
    }

    private async Task<Half> MeasureAsync(string what)
    {
        fleet.Latencies.Take();
        await _watch.SampleAsync(during);
        (int count, double median, double p99) = fleet.Latencies.Take();
        var half = new Half(count / during.TotalSeconds, median, p99);
        report.Say($"{what} {half.PerSecond:0} writes/s, median {median:0.0} ms, p99 {p99:0.0} ms, leader's memory {_watch.TakeMemory()}");
        return half;
    }

    private readonly record struct Half(double PerSecond, double Median, double P99);
}
