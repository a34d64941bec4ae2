using Akka.Actor;
using Akka.Event;
using BitArk.Replication.Failover;

namespace BitArk.Cluster.Failover;

// Leaderships that somebody wants moved: an operator, who waits for an answer, nodes that are about to stop, and balance.
internal sealed partial class FailoverCoordinator
{
    private readonly Dictionary<PartitionId, (NodeId To, IActorRef Asker)> _orders = [];

    private void OnOrder(TransferLeaderOrder order)
    {
        if (order.Cluster != _environment.Cluster)
            return;
        if (!_partitions.TryGetValue(order.Partition, out var partition))
        {
            Sender.Tell(Answer(TransferResult.NoReplica, null));
            return;
        }

        var answer = partition.HandOver(order.To, Now);
        if (answer is HandOverAnswer.Accepted or HandOverAnswer.LeadsAlready || partition.Wanted == order.To)
            _balance.LeaveAlone(order.Partition);
        if (answer == HandOverAnswer.Accepted)
        {
            _logger.Info("Partition {0} is to be led by {1}: asked for by an operator.", order.Partition, order.To);
            _orders[order.Partition] = (order.To, Sender);
        }
        else if (answer == HandOverAnswer.Underway && partition.Wanted == order.To && _orders.ContainsKey(order.Partition))
        {
            // Asked again: the one who waits now is answered.
            _orders[order.Partition] = (order.To, Sender);
        }
        else
        {
            Sender.Tell(Answer(ResultOf(answer), partition));
        }

        Act(partition);
    }

    private void HandOverOfLeaving(PartitionFailover partition)
    {
        if (_costs.SuccessorIn(partition, Now) is not { } successor || partition.HandOver(successor, Now) != HandOverAnswer.Accepted)
            return;
        _logger.Info("Partition {0} is to be led by {1}: node {2}, which leads it, is about to stop.", partition.Partition, successor, partition.Leader?.Leader);
    }

    private void SpreadAgain()
    {
        if (_balance.Next(Now) is not var (partition, to))
            return;
        _logger.Info("Partition {0} is to be led by {1}, which leads fewer than {2}.", partition.Partition, to, partition.Leader?.Leader);
        Act(partition);
    }

    private void OnResult(PartitionFailover partition, FailoverResult result)
    {
        TellResult(partition, result);
        var isWaitedFor = _orders.TryGetValue(partition.Partition, out var order);
        switch (result)
        {
            case FailoverResult.Led led:
                FailoverCounters.Count(led.Reason);
                if (isWaitedFor && order.To == led.Leader)
                    Close(new TransferLeaderAnswer(_environment.Cluster, TransferResult.Done, led.Epoch, led.Leader, led.Unavailable));
                break;
            case FailoverResult.HandOverFailed failed when isWaitedFor && order.To == failed.To:
                _balance.Free(partition.Partition);
                Close(Answer(ResultOf(failed.Why), partition));
                break;
        }

        void Close(TransferLeaderAnswer answer)
        {
            _orders.Remove(partition.Partition);
            order.Asker.Tell(answer);
        }
    }

    private TransferLeaderAnswer Answer(TransferResult result, PartitionFailover? partition) =>
        new(_environment.Cluster, result, partition?.Leader?.Epoch ?? Epoch.None, partition?.Leader?.Leader, TimeSpan.Zero);

    private static TransferResult ResultOf(HandOverAnswer answer) => answer switch
    {
        HandOverAnswer.NoReplica => TransferResult.NoReplica,
        HandOverAnswer.NotFollowing => TransferResult.NotFollowing,
        HandOverAnswer.LeadsAlready => TransferResult.Done,
        _ => TransferResult.Underway,
    };

    private static TransferResult ResultOf(HandOverFailure why) => why switch
    {
        HandOverFailure.NotCaughtUp => TransferResult.NotCaughtUp,
        HandOverFailure.TargetAway => TransferResult.NotFollowing,
        HandOverFailure.AnotherLeads => TransferResult.AnotherLeads,
        _ => TransferResult.NotInTime,
    };
}
