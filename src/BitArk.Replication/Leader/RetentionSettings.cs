namespace BitArk.Replication.Leader;

/// <summary>How long followers hold the log back (<c>bitark.gc</c>).</summary>
public enum RetentionMode
{
    /// <summary>As long as a live follower needs it.</summary>
    Conservative = 0,

    /// <summary>As long as it lags within bounds.</summary>
    Windowed = 1,
}

/// <summary>The bounds of <see cref="RetentionMode.Windowed"/>, and when a follower has caught up in either mode.</summary>
/// <param name="Mode">See <see cref="RetentionMode"/>.</param>
/// <param name="MaxLagBytes">Lacking more makes a follower outdated.</param>
/// <param name="MaxLagTime">Lacking something for longer makes a follower outdated.</param>
/// <param name="CaughtUpBytes">An outdated follower that lacks no more than this has caught up; a send window is a good measure.</param>
public sealed record RetentionSettings(RetentionMode Mode, long MaxLagBytes, TimeSpan MaxLagTime, long CaughtUpBytes);
