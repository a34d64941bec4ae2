using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BitArk.Storage.Clocks;

/// <summary>
/// The clock of leases: Linux's CLOCK_BOOTTIME, which never jumps and goes on while the machine is suspended. The usual monotonic
/// clock stands still then, so a leader on a machine that slept for an hour would think its lease fresh.
/// </summary>
public sealed partial class BootClock : TimeProvider
{
    /// <summary>The only one.</summary>
    public static readonly BootClock Instance = new();

    private const int BootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private BootClock()
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => NanosecondsPerSecond;

    /// <inheritdoc/>
    /// <exception cref="Win32Exception">The kernel has no such clock: no lease can be measured, so none may be counted on.</exception>
    public override long GetTimestamp() => GetTime(BootTime, out var time) == 0
        ? (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds
        : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, out Timespec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
