namespace BitArk.Storage.Replica;

/// <summary>
/// Durable bytes of a replica are missing or wrong and nothing on this disk can replace them. Nothing was changed. A lone
/// replica refuses to start; one of several neither votes, leads nor serves until a full sync has repaired it.
/// </summary>
public sealed class ReplicaDamagedException : IOException
{
    /// <summary>Names the replica, the file and the reason.</summary>
    public ReplicaDamagedException(PartitionDirectory replica, string path, string reason, Exception? inner = null)
        : base($"Partition {replica.Partition} is damaged: '{path}': {reason}. Restore '{replica.Root}' from a copy; do not delete single files.", inner)
    {
        Partition = replica.Partition;
        FilePath = path;
        Reason = reason;
    }

    /// <summary>The damaged replica's partition.</summary>
    public PartitionId Partition { get; }

    /// <summary>The file or directory that is missing or wrong.</summary>
    public string FilePath { get; }

    /// <summary>What is wrong with it.</summary>
    public string Reason { get; }
}
