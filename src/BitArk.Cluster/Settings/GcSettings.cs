namespace BitArk.Cluster;

/// <summary>What holds the log back from being deleted.</summary>
/// <param name="Mode">Whether a follower can lag too far.</param>
/// <param name="MaxLagBytes">Under <see cref="GcMode.Windowed"/>: how many bytes of log it may lag.</param>
/// <param name="MaxLagTime">Under <see cref="GcMode.Windowed"/>: how long it may lag.</param>
public sealed record GcSettings(GcMode Mode, long MaxLagBytes, TimeSpan MaxLagTime)
{
    internal static GcSettings From(HoconReader reader) =>
        new(
            reader.OneOf("gc.mode", ("windowed", GcMode.Windowed), ("conservative", GcMode.Conservative)),
            reader.Bytes("gc.max-lag-bytes", 1L << 20, 1L << 50),
            reader.Time("gc.max-lag-time", TimeSpan.FromSeconds(1), TimeSpan.FromDays(365)));
}

/// <summary>Whether followers that lag hold the log back.</summary>
public enum GcMode
{
    /// <summary>Up to a lag in bytes or time; beyond it the follower is outdated.</summary>
    Windowed,

    /// <summary>Always, as long as they live.</summary>
    Conservative,
}
