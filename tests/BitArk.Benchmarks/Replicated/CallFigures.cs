using HdrHistogram;

namespace BitArk.Benchmarks.Replicated;

/// <summary>What one run of callers gave.</summary>
internal sealed class CallFigures(HistogramBase latencies, int batch, TimeSpan took, TimeSpan ownCpu, TimeSpan nodesCpu, long lagBytes)
{
    public const string Header = "                 writes/s      marks/s   p50 us   p99 us   max us   cores here   cores of other nodes   behind at the end";

    /// <summary>Acknowledged writes a second.</summary>
    public double PerSecond { get; } = latencies.TotalCount / took.TotalSeconds;

    /// <summary>Median of a write, in microseconds.</summary>
    public double P50 { get; } = latencies.GetValueAtPercentile(50) / 1000.0;

    /// <summary>99th percentile of a write, in microseconds.</summary>
    public double P99 { get; } = latencies.GetValueAtPercentile(99) / 1000.0;

    public void Print(string what) => ClusterVerbs.Say(
        $"{what,-12} {PerSecond,12:N0} {PerSecond * batch,12:N0} {P50,8:F0} {P99,8:F0} {latencies.GetValueAtPercentile(100) / 1000.0,8:F0} {ownCpu / took,12:F2} {nodesCpu / took,22:F2} {lagBytes,17:N0} B");
}
