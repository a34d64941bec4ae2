using HdrHistogram;

namespace BitArk.Cli.Bench;

/// <summary>The latencies and failures of one kind of call; nanoseconds.</summary>
internal sealed record CallFigures
{
    public required CallKind Kind { get; init; }

    public required long Succeeded { get; init; }

    public required IReadOnlyDictionary<string, long> Failures { get; init; }

    public long MeanNs { get; init; }

    public long P50Ns { get; init; }

    public long P90Ns { get; init; }

    public long P99Ns { get; init; }

    public long P999Ns { get; init; }

    public long P9999Ns { get; init; }

    public long MaxNs { get; init; }

    /// <summary>Calls that failed, for whatever reason.</summary>
    public long Failed => Failures.Values.Sum();

    /// <summary>Reads a histogram of nanoseconds.</summary>
    public static CallFigures Of(CallKind kind, HistogramBase histogram, IReadOnlyDictionary<string, long> failures)
    {
        // An empty histogram has no percentiles and says so by an exception.
        if (histogram.TotalCount == 0)
        {
            return new CallFigures { Kind = kind, Succeeded = 0, Failures = failures };
        }

        return new CallFigures
        {
            Kind = kind,
            Succeeded = histogram.TotalCount,
            Failures = failures,
            MeanNs = (long)histogram.GetMean(),
            P50Ns = histogram.GetValueAtPercentile(50),
            P90Ns = histogram.GetValueAtPercentile(90),
            P99Ns = histogram.GetValueAtPercentile(99),
            P999Ns = histogram.GetValueAtPercentile(99.9),
            P9999Ns = histogram.GetValueAtPercentile(99.99),
            MaxNs = histogram.GetMaxValue(),
        };
    }
}
