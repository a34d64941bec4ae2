namespace BitArk.Storage.Wal;

/// <summary>
/// Hands on the records from a checkpoint on, and insists that the checkpoint and the durable mark lie between records:
/// where they do not, checkpoint, mark and log are not of one history.
/// </summary>
internal sealed class BoundaryVisitor(IWalRecordVisitor inner, Lsn from, Lsn durable, LogGeometry geometry, SegmentCatalog catalog)
    : IWalRecordVisitor
{
    public void Visit(in WalRecord record)
    {
        if (record.Start < durable && durable < record.End)
            throw LogChecks.Corrupt(catalog, geometry, record.Start, $"the durable mark {durable} lies inside this record");
        if (record.Start >= from)
            inner.Visit(record);
        else if (from < record.End)
            throw LogChecks.Corrupt(catalog, geometry, record.Start, $"the checkpoint {from} lies inside this record");
    }
}
