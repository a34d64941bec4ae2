using BitArk.Replication.Failover;

namespace BitArk.Simulation.Replicas;

// Reads at a leader: look first, then ask whether the lease held at that time; without one, a majority's echo of a later heartbeat.
internal sealed partial class SimReplica
{
    private const int Looks = 30;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);

    /// <summary>A read that must see everything acknowledged before it began.</summary>
    /// <param name="needed">The end of the latest of that.</param>
    public void Read(Lsn needed)
    {
        if (_lead is not { } lead || !IsServing)
            return;
        var (arrived, seen) = (_node.Clock, AppliedLsn);
        if (_world.Random.Chance(0.5))
        {
            Answer(lead, arrived, seen, needed, Looks);
            return;
        }

        // Between the look and the question a thread may rest, or the whole machine.
        var rest = _world.Random.Chance(0.1) ? 500 : 5;
        _node.After(_world.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(rest)), () => Answer(lead, arrived, seen, needed, Looks));
    }

    private void Answer(Leadership lead, TimeSpan arrived, Lsn seen, Lsn needed, int looks)
    {
        if (_lead != lead)
            return;
        var isHeld = lead.Lease.IsHeld(_node.Clock) || _world.Plant == Plant.LeaseIgnored;
        if (isHeld || lead.Lease.ConfirmedAt >= arrived)
        {
            if (isHeld)
                _world.Counters.LeaseReads++;
            else
                _world.Counters.QuorumReads++;
            _world.Safety.Reads.Answered(_node, lead.Epoch, seen, needed);
        }
        else if (looks > 0)
        {
            _node.After(LookEvery, () => Answer(lead, arrived, seen, needed, looks - 1));
        }
        else
        {
            _world.Counters.ReadsRefused++;
        }
    }
}
