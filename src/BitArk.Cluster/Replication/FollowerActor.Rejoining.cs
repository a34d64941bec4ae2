using Akka.Actor;
using BitArk.Cluster.Partitions;

namespace BitArk.Cluster.Replication;

// A repaired replica may lack what it acknowledged before. It gets its vote back when it has matched what its leader had
// written when it came back: everything that was ever acknowledged with its help is below that.
internal sealed partial class FollowerActor
{
    private Lsn? _rejoinsAt;
    private bool _isRejoinOrdered;

    private void RejoinIfCaughtUp()
    {
        if (_isRejoinOrdered || _replica is not { Store.IsRejoining: true } || _rejoinsAt is not { } target || !(_session.MatchedLsn(_writtenLsn) >= target))
            return;

        _isRejoinOrdered = true;
        Context.Parent.Tell(new PartitionProtocol.CaughtUp());
    }
}
