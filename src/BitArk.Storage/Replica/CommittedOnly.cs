using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>Lets through what is known to be committed: a record above it may have to be cut yet, and memory cannot be cut.</summary>
internal sealed class CommittedOnly(IWalRecordVisitor inner, Lsn commitLsn) : IWalRecordVisitor
{
    public void Visit(in WalRecord record)
    {
        if (record.End <= commitLsn)
            inner.Visit(record);
    }
}
