using BitArk.Replication.Messages;

namespace BitArk.Simulation.Replicas;

// The leader's side of a hand-over: it appends nothing while the next one catches up, for a time that ends by itself.
internal sealed partial class SimReplica
{
    private void OnHandOver(int from, HandOver order)
    {
        Heard(order.Epoch);
        if (_lead is not { } lead || lead.Epoch != order.Epoch || !IsServing || !lead.Followers.TryGetValue(order.To, out var progress))
            return;

        lead.QuietUntil = Now + HandOverReady.Quiet;
        // Behind what is being appended: after that the log's end stays where it is.
        OnLog(() =>
        {
            if (_lead == lead && Log.PendingBytes > 0)
                return false;
            if (_lead == lead && IsQuiet(lead) && progress.MatchedLsn == WrittenLsn)
            {
                lead.QuietUntil = Now + HandOverReady.Quiet;
                Send(from, new HandOverReady(_world.Cluster, World.Partition, lead.Epoch, _node.Id, order.To));
            }

            return true;
        });
    }

    private bool IsQuiet(Leadership lead) => Now < lead.QuietUntil;
}
