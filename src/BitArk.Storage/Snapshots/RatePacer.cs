namespace BitArk.Storage.Snapshots;

/// <summary>
/// Keeps a writer at a mean rate since its first write. Time that the writer lost elsewhere may be caught up, but no more
/// than <see cref="MaxBurst"/> of it, so a stall is not followed by a flood.
/// </summary>
public sealed class RatePacer : IWritePacer
{
    /// <summary>The most lost time that is caught up.</summary>
    public static readonly TimeSpan MaxBurst = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly long _bytesPerSecond;
    private long _paidUntil;

    /// <summary>Paces to <paramref name="bytesPerSecond"/> by the given clock.</summary>
    public RatePacer(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytesPerSecond);
        _bytesPerSecond = bytesPerSecond;
        _time = time;
        _paidUntil = time.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Wrote(int bytes, CancellationToken cancellation)
    {
        var now = _time.GetTimestamp();
        var burst = (long)(MaxBurst.TotalSeconds * _time.TimestampFrequency);
        _paidUntil = Math.Max(_paidUntil, now - burst) + (long)((double)bytes / _bytesPerSecond * _time.TimestampFrequency);
        if (_paidUntil <= now)
            return;
        // A timer of the injected clock, waited for on this background thread: the writer has nothing else to do.
        Task.Delay(_time.GetElapsedTime(now, _paidUntil), _time, cancellation).GetAwaiter().GetResult();
    }
}
