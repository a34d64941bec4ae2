namespace BitArk.Protocol;

/// <summary>What a session has seen of one partition: the log up to <paramref name="Lsn"/> as written under <paramref name="Epoch"/>.</summary>
/// <param name="Partition">Which partition.</param>
/// <param name="Epoch">The epoch the position was seen in, &gt;= 0.</param>
/// <param name="Lsn">The position, &gt;= 0.</param>
public readonly record struct TokenEntry(PartitionId Partition, Epoch Epoch, Lsn Lsn)
{
    /// <summary>Whether this entry covers more of its partition's history: a later epoch, or a later position of the same one.</summary>
    public bool IsBeyond(in TokenEntry other) =>
        Epoch > other.Epoch || (Epoch == other.Epoch && Lsn > other.Lsn);
}
