using BitArk.Cli.Bench;
using BitArk.Cli.Terminal;
using Microsoft.Extensions.Time.Testing;

namespace BitArk.Cli.Tests.Bench;

/// <summary>
/// Runs of a load loop on a clock that two things move: a call, by as long as it is told to last, and the pacing thread, to
/// the moment it sleeps for once every call before was answered. Nothing depends on how the machine hands out its processors.
/// </summary>
internal sealed class VirtualLoad : IDisposable
{
    /// <summary>For a broken loop only: it shall fail its test instead of waiting for ever.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly SemaphoreSlim _answered = new(0);
    private readonly CallResult _result;
    private long _scheduleStart = -1;
    private long _awaited;

    /// <summary>A target whose call N (from 1) lasts as long as <paramref name="lasts"/> says.</summary>
    public VirtualLoad(Func<int, TimeSpan> lasts, CallResult? result = null)
    {
        _result = result ?? CallResult.Done;
        Target = new FakeTarget(call => Answer(lasts(call)));
    }

    /// <summary>What is called.</summary>
    public FakeTarget Target { get; }

    /// <summary>One run, against <paramref name="other"/> when it is not the target's own answers that matter.</summary>
    public Task<BenchReport> RunAsync(BenchOptions options, IBenchTarget? other = null)
    {
        var clock = new LoadClock(_time, moment => SleepUntil(moment, options.Rate ?? 1));
        return new BenchRun(options, other ?? Target, new CliConsole(TextWriter.Null, TextWriter.Null), clock).RunAsync(CancellationToken.None);
    }

    /// <inheritdoc/>
    public void Dispose() => _answered.Dispose();

    private ValueTask<CallResult> Answer(TimeSpan lasts)
    {
        _time.Advance(lasts);
        _answered.Release();
        return ValueTask.FromResult(_result);
    }

    private void SleepUntil(long moment, int perSecond)
    {
        // The first moment is the schedule's start, so every later one says how many calls were due before it.
        _scheduleStart = _scheduleStart < 0 ? moment : _scheduleStart;
        var due = (moment - _scheduleStart) * perSecond / _time.TimestampFrequency;
        for (; _awaited < due; _awaited++)
        {
            if (!_answered.Wait(Hang))
            {
                return;
            }
        }

        _time.Advance(TimeSpan.FromTicks(Math.Max(0, moment - _time.GetTimestamp())));
    }
}
