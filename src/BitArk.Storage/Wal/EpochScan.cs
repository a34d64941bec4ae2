namespace BitArk.Storage.Wal;

/// <summary>Fills the log's epoch table while recovery reads the records behind the checkpoint.</summary>
internal sealed class EpochScan(IWalRecordVisitor inner, LogEpochs epochs) : IWalRecordVisitor
{
    public void Visit(in WalRecord record)
    {
        epochs.Saw(record.Epoch, record.Start);
        inner.Visit(record);
    }
}
