namespace BitArk.Replication.Messages;

/// <summary>
/// Everything that replicas of one partition say to each other. Any of them may be lost, repeated, delayed or overtaken:
/// the state is driven by epochs, nonces and LSNs alone, so each may be sent again. Cluster and partition are in every
/// one, so that a message that went astray is recognised.
/// </summary>
/// <param name="Cluster">The cluster it belongs to; another one is refused.</param>
/// <param name="Partition">The partition it is about.</param>
/// <param name="Epoch">The epoch it is about: the leader's for what a leader says, the promised one for what a follower says.</param>
public abstract record ReplicationMessage(ClusterId Cluster, PartitionId Partition, Epoch Epoch)
{
    /// <summary>Which message it is, in its bytes.</summary>
    internal abstract MessageKind Kind { get; }

    /// <summary>How many bytes it has behind the common header.</summary>
    internal abstract int BodySize { get; }

    /// <summary>Writes what stands behind the common header.</summary>
    internal abstract void WriteBody(ref WireWriter into);
}
