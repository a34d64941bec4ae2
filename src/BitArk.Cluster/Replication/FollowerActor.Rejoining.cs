using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Replication.Follower;

namespace BitArk.Cluster.Replication;

// A replica that may lack what it acknowledged before counts for nothing until it has caught up with a leader that proved to be one.
internal sealed partial class FollowerActor
{
    private readonly RejoinRules _rejoining = new();
    private bool _isRejoinOrdered;

    private void RejoinIfCaughtUp()
    {
        if (_isRejoinOrdered || _replica is not { Store.IsRejoining: true } || !_rejoining.HasCaughtUp(_session.Epoch, _session.MatchedLsn(_writtenLsn)))
            return;

        _isRejoinOrdered = true;
        Context.Parent.Tell(new PartitionProtocol.CaughtUp());
    }
}
