namespace BitArk.Cli.Bench;

/// <summary>The time that is measured, behind the warm-up. A call belongs to it when it starts in it.</summary>
/// <param name="BeginTicks">First tick that counts.</param>
/// <param name="EndTicks">First tick that counts no more.</param>
/// <param name="TicksPerSecond">Frequency of the clock.</param>
internal readonly record struct MeasuredWindow(long BeginTicks, long EndTicks, long TicksPerSecond)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The window after a warm-up that begins now.</summary>
    public static MeasuredWindow After(long nowTicks, TimeSpan warmup, TimeSpan duration, long ticksPerSecond)
    {
        var begin = nowTicks + (long)(warmup.TotalSeconds * ticksPerSecond);
        return new MeasuredWindow(begin, begin + (long)(duration.TotalSeconds * ticksPerSecond), ticksPerSecond);
    }

    /// <summary>Whether a call that starts at this tick is measured.</summary>
    public bool Contains(long ticks) => ticks >= BeginTicks && ticks < EndTicks;

    /// <summary>A span of ticks in nanoseconds.</summary>
    public long Nanoseconds(long ticks) =>
        TicksPerSecond == NanosecondsPerSecond ? ticks : (long)((Int128)ticks * NanosecondsPerSecond / TicksPerSecond);
}
