using BitArk.Replication.Failover;

namespace BitArk.Cluster.Leases;

/// <summary>
/// What this replica has let leaders count on. The FollowerActor grants before it echoes a heartbeat, the PartitionActor closes an
/// epoch before it answers a promise of a higher one: whichever comes first, no echo of a closed epoch leaves whose grant the
/// promise does not tell of. Any thread.
/// </summary>
internal sealed class GrantedLeases
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly GrantedLease _granted;
    private Epoch _open;

    /// <param name="assumed">The longest lease that may have been granted before this start.</param>
    /// <param name="clock">See <see cref="BitArk.Storage.Clocks.BootClock"/>.</param>
    public GrantedLeases(TimeSpan assumed, TimeProvider clock)
    {
        _clock = clock;
        _granted = new GrantedLease(assumed, Now);
    }

    private TimeSpan Now => _clock.Elapsed();

    /// <summary>A heartbeat is about to be echoed; false: a higher epoch is promised, so it must not be.</summary>
    public bool TryGrant(Epoch epoch, TimeSpan length)
    {
        lock (_gate)
        {
            if (epoch < _open)
                return false;

            _open = epoch;
            _granted.Grant(epoch, length, Now);
            return true;
        }
    }

    /// <summary>Nothing below an epoch is granted any more; what was granted may still be counted on.</summary>
    public RunningLease Close(Epoch promised)
    {
        lock (_gate)
        {
            _open = Epoch.Max(_open, promised);
            return _granted.Running(Now);
        }
    }
}
