using System.Collections.Concurrent;
using HdrHistogram;

namespace BitArk.Cli.Bench;

/// <summary>
/// Collects the latencies of the calls that start inside the measured window, by kind of call, in HDR histograms of three
/// significant digits from 1 ns to 60 s. Callers share a few histograms in stripes: recording is one atomic increment.
/// </summary>
internal sealed class LatencyRecorder
{
    private const long HighestNanoseconds = 60_000_000_000;
    private const int SignificantDigits = 3;
    private const int Stripes = 8;
    private readonly LongConcurrentHistogram?[] _histograms = new LongConcurrentHistogram?[Enum.GetValues<CallKind>().Length * Stripes];
    private readonly ConcurrentDictionary<(CallKind Kind, string Reason), long> _failures = new();
    private readonly MeasuredWindow _window;
    private long _lastEndTicks;

    /// <summary>Records calls that begin inside <paramref name="window"/>.</summary>
    public LatencyRecorder(MeasuredWindow window) => _window = window;

    /// <summary>When the last measured call ended; the window's begin before any.</summary>
    public long LastEndTicks => Math.Max(_window.BeginTicks, Interlocked.Read(ref _lastEndTicks));

    /// <summary>A call has ended. In an open loop <paramref name="startTicks"/> is when it ought to have started.</summary>
    public void Record(int caller, CallKind kind, long startTicks, long endTicks, CallResult result)
    {
        if (!_window.Contains(startTicks))
        {
            return;
        }

        if (result.Failure is { } reason)
        {
            _failures.AddOrUpdate((kind, reason), 1, static (_, count) => count + 1);
        }
        else
        {
            var nanoseconds = _window.Nanoseconds(endTicks - startTicks);
            Histogram(kind, caller % Stripes).RecordValue(Math.Clamp(nanoseconds, 1, HighestNanoseconds));
        }

        RaiseLastEnd(endTicks);
    }

    /// <summary>What was recorded, per kind that was called at all; quiescent callers only.</summary>
    public IReadOnlyList<CallFigures> Figures() =>
        [.. Enum.GetValues<CallKind>().Select(FiguresOf).Where(figures => figures.Succeeded + figures.Failed > 0)];

    private CallFigures FiguresOf(CallKind kind)
    {
        var merged = new LongHistogram(1, HighestNanoseconds, SignificantDigits);
        for (var stripe = 0; stripe < Stripes; stripe++)
        {
            if (_histograms[((int)kind * Stripes) + stripe] is { } histogram)
            {
                merged.Add(histogram);
            }
        }

        var failures = _failures.Where(entry => entry.Key.Kind == kind).ToDictionary(entry => entry.Key.Reason, entry => entry.Value);
        return CallFigures.Of(kind, merged, failures);
    }

    private LongConcurrentHistogram Histogram(CallKind kind, int stripe)
    {
        ref var slot = ref _histograms[((int)kind * Stripes) + stripe];
        if (slot is { } existing)
        {
            return existing;
        }

        var created = new LongConcurrentHistogram(1, HighestNanoseconds, SignificantDigits);
        return Interlocked.CompareExchange(ref slot, created, null) ?? created;
    }

    private void RaiseLastEnd(long endTicks)
    {
        var seen = Interlocked.Read(ref _lastEndTicks);
        while (endTicks > seen)
        {
            var before = Interlocked.CompareExchange(ref _lastEndTicks, endTicks, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }
}
