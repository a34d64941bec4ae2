namespace BitArk.Chaos.Clusters;

/// <summary>Collects durations and gives their quantiles. Safe for concurrent use.</summary>
internal sealed class LatencyBag
{
    private readonly Lock _lock = new();
    private List<double> _milliseconds = [];

    /// <summary>One more.</summary>
    public void Add(double milliseconds)
    {
        lock (_lock)
            _milliseconds.Add(milliseconds);
    }

    /// <summary>What was collected since the last call: how many, and their median and 99th percentile in milliseconds.</summary>
    public (int Count, double Median, double P99) Take()
    {
        List<double> taken;
        lock (_lock)
            (taken, _milliseconds) = (_milliseconds, []);
        taken.Sort();
        return taken.Count == 0 ? (0, 0, 0) : (taken.Count, taken[taken.Count / 2], taken[(int)(taken.Count * 0.99)]);
    }
}
