using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BitArk.Cli.Bench;

/// <summary>
/// Sleeps until a moment of the monotonic clock, to some tens of microseconds: timers of the runtime tick in milliseconds,
/// which would show as latency that the target never had. Linux only, like the node.
/// </summary>
internal static partial class MonotonicSleep
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;
    private const int SetTimerSlack = 29;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Asks the kernel to wake this thread on time instead of up to 50 us late.</summary>
    public static void SharpenThisThread() => _ = Prctl(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Returns at or after the moment; at once when it has passed. Interrupted sleeps return early: look at the clock again.</summary>
    public static void Until(long stopwatchTicks)
    {
        // Stopwatch counts nanoseconds of CLOCK_MONOTONIC on Linux, so the moment needs no conversion between clocks.
        Debug.Assert(Stopwatch.Frequency == NanosecondsPerSecond, "not the clock that is slept on");
        var moment = new TimeSpec { Seconds = stopwatchTicks / NanosecondsPerSecond, Nanoseconds = stopwatchTicks % NanosecondsPerSecond };
        _ = ClockNanosleep(ClockMonotonic, AbsoluteTime, in moment, 0);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec moment, nint remaining);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
