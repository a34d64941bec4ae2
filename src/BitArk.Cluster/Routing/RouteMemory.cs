using BitArk.Cluster.Partitions;

namespace BitArk.Cluster.Routing;

/// <summary>
/// Where the leader of a partition is thought to be: what this node's own replica knows, or what another node said last if
/// that is of a newer epoch. A wrong guess costs one attempt. Any thread.
/// </summary>
internal sealed class RouteMemory(PartitionStatus status)
{
    private volatile Leadership _heard = Leadership.None;

    /// <summary>The newest known.</summary>
    public Leadership Leader
    {
        get
        {
            var (own, heard) = (status.Leadership, _heard);
            return heard.Leader is not null && (heard.Epoch > own.Epoch || own.Leader is null) ? heard : own;
        }
    }

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
}
