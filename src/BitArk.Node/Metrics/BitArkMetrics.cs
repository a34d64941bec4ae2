using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace BitArk.Node.Metrics;

/// <summary>What the front ends count: every operation by kind and outcome, and how long it took, fsync included.</summary>
internal sealed class BitArkMetrics : IDisposable
{
    /// <summary>The meter's name; storage and actors publish under names that start with it.</summary>
    public const string MeterName = "BitArk";

    /// <summary>The outcome of a call that did what was asked.</summary>
    public const string Ok = "ok";

    private static readonly double[] SecondsBuckets =
        [0.000_025, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _operations;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _changed;

    public BitArkMetrics()
    {
        _operations = _meter.CreateCounter<long>("bitark.operations", description: "Calls answered, by kind and outcome (ok, or the reason of the error).");
        _duration = _meter.CreateHistogram(
            "bitark.operation.duration",
            unit: "s",
            description: "Time from the call's arrival to its answer, by kind.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBuckets });
        _changed = _meter.CreateCounter<long>("bitark.messages.changed", description: "Message ids whose state a write changed.");
    }

    /// <summary>The meter, for instruments that observe a running node.</summary>
    public Meter Meter => _meter;

    /// <summary>Counts one answered call.</summary>
    /// <param name="kind">The operation.</param>
    /// <param name="outcome"><see cref="Ok"/> or the name of the reason.</param>
    /// <param name="startedTimestamp">From <see cref="Stopwatch.GetTimestamp"/>.</param>
    public void Answered(string kind, string outcome, long startedTimestamp)
    {
        var kindTag = new KeyValuePair<string, object?>("kind", kind);
        _operations.Add(1, kindTag, new KeyValuePair<string, object?>("outcome", outcome));
        _duration.Record(Stopwatch.GetElapsedTime(startedTimestamp).TotalSeconds, kindTag);
    }

    /// <summary>Counts the effect of a committed write.</summary>
    public void Changed(long messages) => _changed.Add(messages);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
