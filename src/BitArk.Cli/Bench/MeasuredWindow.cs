namespace BitArk.Cli.Bench;

/// <summary>
/// The time that is measured, behind the warm-up. A call belongs to it when it starts in it. It begins when planned, or at
/// the first call after that if its loop says so: a target that stalls through the planned time, or a machine that gives the
/// callers no turn in it, shall not leave a run that measured nothing.
/// </summary>
/// <param name="plannedTicks">When it begins unless it is opened later.</param>
/// <param name="durationTicks">How long it lasts, from wherever it begins.</param>
/// <param name="ticksPerSecond">Frequency of the clock.</param>
internal sealed class MeasuredWindow(long plannedTicks, long durationTicks, long ticksPerSecond)
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long Unopened = long.MinValue;
    private long _openedTicks = Unopened;

    /// <summary>First tick that counts.</summary>
    public long BeginTicks => Volatile.Read(ref _openedTicks) is var opened and not Unopened ? opened : plannedTicks;

    /// <summary>First tick that counts no more.</summary>
    public long EndTicks => BeginTicks + durationTicks;

    /// <summary>The window after a warm-up that begins now.</summary>
    public static MeasuredWindow After(long nowTicks, TimeSpan warmup, TimeSpan duration, long ticksPerSecond) => new(
        nowTicks + (long)(warmup.TotalSeconds * ticksPerSecond),
        (long)(duration.TotalSeconds * ticksPerSecond),
        ticksPerSecond);

    /// <summary>A call starts now: the first one behind the warm-up opens the window, and no later one moves it.</summary>
    public void OpenAt(long ticks)
    {
        if (ticks >= plannedTicks && Volatile.Read(ref _openedTicks) == Unopened)
        {
            Interlocked.CompareExchange(ref _openedTicks, ticks, Unopened);
        }
    }

    /// <summary>Whether a call that starts at this tick is measured.</summary>
    public bool Contains(long ticks)
    {
        var begin = BeginTicks;
        return ticks >= begin && ticks < begin + durationTicks;
    }

    /// <summary>A span of ticks in nanoseconds.</summary>
    public long Nanoseconds(long ticks) =>
        ticksPerSecond == NanosecondsPerSecond ? ticks : (long)((Int128)ticks * NanosecondsPerSecond / ticksPerSecond);
}
