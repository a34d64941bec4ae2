using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Replication;
using BitArk.Replication;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Partitions;

// A hand-over: no new writes for a moment, so that the next leader can have all there is. Callers wait meanwhile, as they do for any
// leader. If nobody takes over in time, this one goes on: it has not given anything up yet.
internal sealed partial class PartitionActor
{
    private static readonly TimeSpan ShowInterval = TimeSpan.FromMilliseconds(5);

    private (HandOver Order, IActorRef Coordinator)? _handing;
    private bool _isReady;

    private void HandOvers()
    {
        Receive<HandOver>(OnHandOver);
        Receive<PartitionProtocol.LookForTarget>(_ => LookForTarget());
        Receive<PartitionProtocol.HandOverOver>(OnHandOverOver);
    }

    // Only to a follower that is nearly as far: what it lacks it must get while everybody waits.
    private void OnHandOver(HandOver order)
    {
        if (!IsOurs(order) || order.Epoch != _leading || _promising is not null || !_replicators.ContainsKey(order.To))
            return;

        if (_handing is not null)
        {
            // Repeated: what was said of it may be lost.
            _isReady = false;
            return;
        }

        if (!_shown.TryGetValue(order.To, out var target) || target.View.Status != FollowerStatus.Alive || LackOf(target) > _status.Settings.Replication.SendWindowBytes)
            return;

        _handing = (order, Sender);
        _status.Phase = new PartitionPhase.Electing();
        Timers.StartSingleTimer("rest", new PartitionProtocol.HandOverOver(_leading), _environment.LongestRest);
        LookForTarget();
    }

    private void LookForTarget()
    {
        if (_handing is not var (order, coordinator))
            return;

        if (_status.Admission.PendingBytes == 0 && _shown.TryGetValue(order.To, out var target) && LackOf(target) == 0)
        {
            // Each such word promises as long a rest from then on.
            if (!_isReady)
            {
                _isReady = true;
                Timers.StartSingleTimer("rest", new PartitionProtocol.HandOverOver(_leading), _environment.LongestRest);
                coordinator.Tell(new HandOverReady(order.Cluster, order.Partition, order.Epoch, _self, order.To));
            }
        }
        else if (_replicators.TryGetValue(order.To, out var replicator))
        {
            replicator.Tell(ReplicatorProtocol.ShowNow.Instance);
        }

        Timers.StartSingleTimer("target", PartitionProtocol.LookForTarget.Instance, ShowInterval);
    }

    private void OnHandOverOver(PartitionProtocol.HandOverOver over)
    {
        // A promise under way ends the leadership: a write taken now would end in doubt.
        if (_handing is not var (order, _) || over.Epoch != _leading || _promising is not null)
            return;

        EndHandOver();
        _logger.Warning("Partition {0}: the hand-over to {1} did not happen in time; this node leads on.", _status.Id, order.To);
        _status.Phase = new PartitionPhase.Serving();
    }

    private void EndHandOver()
    {
        (_handing, _isReady) = (null, false);
        Timers.Cancel("rest");
        Timers.Cancel("target");
    }

    private long LackOf(ReplicatorProtocol.Shown target) => _store!.Log.AppendedLsn.Value - target.View.LastAckLsn.Value;
}
