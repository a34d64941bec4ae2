namespace BitArk.Cli.Bench;

/// <summary>The clock of a run, and how its pacing thread sleeps on it. A test has both of its own.</summary>
/// <param name="Time">What its moments are taken from.</param>
/// <param name="SleepUntil">Blocks until a timestamp of <paramref name="Time"/>; may return early.</param>
internal sealed record LoadClock(TimeProvider Time, Action<long> SleepUntil)
{
    /// <summary>The monotonic clock of this machine.</summary>
    public static LoadClock OfThisMachine { get; } = new(TimeProvider.System, MonotonicSleep.Until);

    /// <summary>This moment, in ticks.</summary>
    public long Now => Time.GetTimestamp();

    /// <summary>Its frequency.</summary>
    public long TicksPerSecond => Time.TimestampFrequency;
}
