namespace BitArk.Replication.Failover;

/// <summary>When the latest heartbeats to one follower were sent: an echo tells only the nonce. One thread.</summary>
public sealed class SentHeartbeats
{
    /// <summary>Of how many the time is kept. An echo of an older one says nothing that a newer will not say.</summary>
    public const int Kept = 32;

    private readonly TimeSpan[] _sentAt = new TimeSpan[Kept];
    private long _newest;

    /// <summary>Notes that one is sent now.</summary>
    /// <returns>Its nonce: 1, 2, 3 …</returns>
    public long Send(TimeSpan now)
    {
        _newest++;
        _sentAt[_newest % Kept] = now;
        return _newest;
    }

    /// <summary>When a nonce was sent; null: never, or too long ago.</summary>
    public TimeSpan? SentAt(long nonce) => nonce > 0 && nonce <= _newest && nonce > _newest - Kept ? _sentAt[nonce % Kept] : null;
}
