namespace BitArk.Cluster;

/// <summary>Who leads a partition, as one node knows it at one moment.</summary>
/// <param name="Leader">The leader; null while none is known.</param>
/// <param name="Epoch">Its epoch; <see cref="Epoch.None"/> while it is not known here.</param>
/// <param name="IsLocal">Whether the leader is this node and takes calls.</param>
public sealed record Leadership(NodeId? Leader, Epoch Epoch, bool IsLocal)
{
    /// <summary>Nobody is known to lead.</summary>
    public static readonly Leadership None = new(null, Epoch.None, IsLocal: false);
}
