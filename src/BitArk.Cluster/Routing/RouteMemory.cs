using BitArk.Cluster.Partitions;

namespace BitArk.Cluster.Routing;

/// <summary>
/// Where the leader of a partition is thought to be: what this node's own replica knows, or what another node said last if
/// that is of a newer epoch. A node whose own replica will hear of no leader, because it has none or it is not up to it, asks
/// the others in turn: whoever does not lead says who does. A wrong guess costs one attempt. Any thread.
/// </summary>
internal sealed class RouteMemory(PartitionStatus status)
{
    private volatile Leadership _heard = Leadership.None;
    private int _turn = Environment.TickCount;

    /// <summary>The newest known.</summary>
    public Leadership Leader
    {
        get
        {
            var (own, heard) = (status.Leadership, _heard);
            if (heard.Leader is not null && (heard.Epoch > own.Epoch || own.Leader is null))
                return heard;

            return own.Leader is null && WillHearNothing ? Guess() : own;
        }
    }

    private bool WillHearNothing => status.HasPeers && status.Phase
        is PartitionPhase.Elsewhere or PartitionPhase.Recovering or PartitionPhase.Syncing or PartitionPhase.Damaged or PartitionPhase.Learning or PartitionPhase.Rejoining;

    /// <summary>Another node named a leader.</summary>
    public void Heard(NodeId? leader, Epoch epoch)
    {
        if (leader is { } node && epoch >= _heard.Epoch && node.Name != status.Settings.NodeName)
            _heard = new Leadership(node, epoch, IsLocal: false);
    }

    /// <summary>A leader that was only heard of did not answer as one: back to what is known here.</summary>
    public void Forget(Leadership wrong)
    {
        if (ReferenceEquals(_heard, wrong))
            _heard = Leadership.None;
    }

    private Leadership Guess()
    {
        var others = status.ReplicaNodes.Where(node => node.Name != status.Settings.NodeName).ToArray();
        return others.Length == 0 ? Leadership.None : new Leadership(others[(uint)Interlocked.Increment(ref _turn) % others.Length], Epoch.None, IsLocal: false);
    }
}
