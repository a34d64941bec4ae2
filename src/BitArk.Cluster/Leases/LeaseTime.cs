namespace BitArk.Cluster.Leases;

/// <summary>The time of a clock as leases are reckoned: whole ticks, so that nothing is rounded however long the machine has run.</summary>
internal static class LeaseTime
{
    /// <summary>Since the clock's own beginning.</summary>
    /// <param name="clock">Of a frequency that is a multiple of 10 MHz.</param>
    public static TimeSpan Elapsed(this TimeProvider clock) => TimeSpan.FromTicks(clock.GetTimestamp() / (clock.TimestampFrequency / TimeSpan.TicksPerSecond));
}
