namespace BitArk.Cli.Bench;

/// <summary>
/// When each call of an open loop ought to start: evenly spaced, whatever became of the calls before it. Latency counts
/// from there, so a stall of the target shows in every call that should have started meanwhile (no coordinated omission).
/// </summary>
/// <param name="StartTicks">Intended start of call 0, in <see cref="System.Diagnostics.Stopwatch"/> ticks.</param>
/// <param name="PerSecond">Calls a second.</param>
/// <param name="TicksPerSecond">Frequency of the clock.</param>
internal readonly record struct OpenLoopSchedule(long StartTicks, int PerSecond, long TicksPerSecond)
{
    /// <summary>Intended start of call <paramref name="index"/>, from 0. Computed from the index: errors do not add up.</summary>
    public long DueAt(long index) => StartTicks + (long)((Int128)index * TicksPerSecond / PerSecond);

    /// <summary>How many calls are due at or before <paramref name="now"/>.</summary>
    public long DueBy(long now)
    {
        if (now < StartTicks)
        {
            return 0;
        }

        // A call is due at the floor of its exact time, so the last one may be due a tick before its quotient says.
        var count = (long)((Int128)(now - StartTicks) * PerSecond / TicksPerSecond) + 1;
        while (DueAt(count) <= now)
        {
            count++;
        }

        return count;
    }
}
