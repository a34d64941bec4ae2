namespace BitArk.Replication.Failover;

/// <summary>
/// What a guard has let leaders count on: until then it must be assumed that one answers reads alone. Told with each promise,
/// so that the next leader waits as long. All times are of one clock of this machine that goes on while it is suspended. One thread.
/// </summary>
public sealed class GrantedLease
{
    /// <summary>After a start nobody knows what was granted before it: a full lease is assumed.</summary>
    /// <param name="assumed">The longest that may have been granted.</param>
    /// <param name="now">The start.</param>
    public GrantedLease(TimeSpan assumed, TimeSpan now) => Until = now + assumed;

    /// <summary>The end of the longest grant.</summary>
    public TimeSpan Until { get; private set; }

    /// <summary>A heartbeat of the promised epoch is about to be echoed. Before the echo leaves.</summary>
    /// <param name="length">What the leader counts with; it travels with the heartbeat, so that settings may differ.</param>
    /// <param name="now">Now.</param>
    public void Grant(TimeSpan length, TimeSpan now)
    {
        if (now + length > Until)
            Until = now + length;
    }

    /// <summary>How long the longest grant still runs; zero: none does.</summary>
    public TimeSpan Remaining(TimeSpan now) => now < Until ? Until - now : TimeSpan.Zero;
}
