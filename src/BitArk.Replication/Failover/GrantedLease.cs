namespace BitArk.Replication.Failover;

/// <summary>
/// What a guard has let leaders count on: until then it must be assumed that one answers reads alone. Told with each promise,
/// so that the next leader waits as long. All times are of one clock of this machine that goes on while it is suspended. One thread.
/// </summary>
public sealed class GrantedLease
{
    /// <summary>Of what was granted before a start nobody knows to whom: no leader can give it up.</summary>
    public static readonly Epoch ToAnyone = new(long.MaxValue);

    private readonly TimeSpan _assumedUntil;
    private Epoch _to;

    /// <summary>After a start nobody knows what was granted before it: a full lease is assumed.</summary>
    /// <param name="assumed">The longest that may have been granted.</param>
    /// <param name="now">The start.</param>
    public GrantedLease(TimeSpan assumed, TimeSpan now) => Until = _assumedUntil = now + assumed;

    /// <summary>The end of the longest grant.</summary>
    public TimeSpan Until { get; private set; }

    /// <summary>A heartbeat of the promised epoch is about to be echoed. Before the echo leaves.</summary>
    /// <param name="to">The epoch of the leader that may count on it.</param>
    /// <param name="length">What the leader counts with; it travels with the heartbeat, so that settings may differ.</param>
    /// <param name="now">Now.</param>
    public void Grant(Epoch to, TimeSpan length, TimeSpan now)
    {
        // One end is kept for all that still run, under the latest of their leaders: who is later has waited for the earlier ones.
        _to = now < Until ? Epoch.Max(_to, to) : to;
        if (now + length > Until)
            Until = now + length;
    }

    /// <summary>How long the longest grant still runs, and the latest leader's epoch that may count on one.</summary>
    public RunningLease Running(TimeSpan now) => now < Until ? new RunningLease(Until - now, now < _assumedUntil ? ToAnyone : _to) : RunningLease.None;
}
