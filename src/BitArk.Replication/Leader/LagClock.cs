namespace BitArk.Replication.Leader;

/// <summary>
/// For how long a follower has lacked some of what it lacks. One sample (the log's end, the time) is under way at any moment;
/// when the follower reaches it, the follower is known to have had everything at that time. So the figure is late by the
/// time between two samples reached, and costs no memory.
/// </summary>
internal sealed class LagClock(TimeSpan now)
{
    private TimeSpan _hadAllAt = now;
    private Lsn _seenEnd;
    private (Lsn End, TimeSpan At)? _sample;

    /// <summary>The leader's log ends here now, and the follower's there.</summary>
    /// <returns>Zero when it lacks nothing.</returns>
    public TimeSpan Observe(Lsn writtenLsn, Lsn? matchedLsn, TimeSpan now)
    {
        if (matchedLsn >= _seenEnd)
        {
            // All that it may lack has come since the last look, however long ago that was: a long idle time is no lag.
            _hadAllAt = now;
            _sample = null;
        }
        else if (matchedLsn >= _sample?.End)
        {
            _hadAllAt = _sample.Value.At;
            _sample = null;
        }

        _sample ??= (writtenLsn, now);
        _seenEnd = writtenLsn;
        return matchedLsn >= writtenLsn ? TimeSpan.Zero : now - _hadAllAt;
    }
}
