namespace BitArk.Replication.Sync;

/// <summary>
/// How long a leader keeps a snapshot, and the log behind it, for a follower that gives no sign of going on with it. Counted from
/// the last sign: it asked, or has a piece more. A transfer that moves, however slowly, is never given up; what a pin costs a
/// leader whose follower is gone is the log of this long.
/// </summary>
public static class PinPatience
{
    /// <summary>While pieces are missing: longer than a break of the network and the follower's longest wait before it asks again.</summary>
    public static readonly TimeSpan WhileFetching = TimeSpan.FromMinutes(2);

    /// <summary>What a slow disk does with a whole file in verifying, installing and loading it, one pass after the other: bytes in a second.</summary>
    public const long SlowestBytesPerSecond = 16 << 20;

    /// <summary>How long from a sign on.</summary>
    /// <param name="progress">What it has, 0 … 1. With all of it the follower says nothing more until it has opened what it installed.</param>
    /// <param name="bytes">The size of the file.</param>
    public static TimeSpan After(double progress, long bytes) =>
        progress < 1 ? WhileFetching : WhileFetching + TimeSpan.FromSeconds((double)bytes / SlowestBytesPerSecond);
}
