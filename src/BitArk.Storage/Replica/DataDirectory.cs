namespace BitArk.Storage.Replica;

/// <summary>
/// Names every file of a node's data directory. Names are built from numbers only, never taken from the wire.
/// <code>
/// data/
///   LOCK                      held exclusively by the running node
///   node.meta                 marker: who this node is, and what was fixed at creation
///   partitions/&lt;id&gt;/          see <see cref="PartitionDirectory"/>
/// </code>
/// </summary>
/// <param name="Root">The path of the directory.</param>
public sealed record DataDirectory(string Root)
{
    /// <summary>The file whose exclusive lock the running node holds.</summary>
    public string LockPath => Path.Combine(Root, "LOCK");

    /// <summary>The marker file.</summary>
    public string NodeMetaPath => Path.Combine(Root, "node.meta");

    /// <summary>The files of one partition.</summary>
    public PartitionDirectory Partition(PartitionId partition) =>
        new(Path.Combine(Root, "partitions", partition.ToString()), partition);
}
