namespace BitArk.Storage.Replica;

/// <summary>
/// Names every file of a node's data directory. Names are built from numbers only, never taken from the wire.
/// <code>
/// data/
///   LOCK                      held exclusively by the running node
///   node.meta                 marker: who this node is, and what was fixed at creation
///   guards/journal.db         the promises of every replica here that is one of several; SQLite's
///   recovered.log             what an operator has accepted as lost, if ever
///   created/&lt;id&gt;              that a replica of this partition has been here, whatever is in it
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

    /// <summary>The directory of the guards' journal.</summary>
    public string GuardsPath => Path.Combine(Root, "guards");

    /// <summary>The guards' journal, a SQLite database with files of its own beside it.</summary>
    public string GuardJournalPath => Path.Combine(GuardsPath, "journal.db");

    /// <summary>What an operator has accepted as lost; see <see cref="RecoveryAudit"/>.</summary>
    public string RecoveryAuditPath => Path.Combine(Root, "recovered.log");

    /// <summary>The directory of the records that replicas have been here.</summary>
    public string CreatedPath => Path.Combine(Root, "created");

    /// <summary>That a replica of a partition has been here: without its files it is lost, not new. Whatever is in it.</summary>
    public string CreatedRecordPath(PartitionId partition) => Path.Combine(CreatedPath, partition.ToString());

    /// <summary>The files of one partition.</summary>
    public PartitionDirectory Partition(PartitionId partition) =>
        new(Path.Combine(Root, "partitions", partition.ToString()), partition);
}
