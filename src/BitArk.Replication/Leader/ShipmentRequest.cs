namespace BitArk.Replication.Leader;

/// <summary>What to read from the log and send next.</summary>
/// <param name="From">Where to read.</param>
/// <param name="MaxBytes">The most bytes to read, one record at least; 0: send an empty batch, only the commit has moved.</param>
/// <param name="MaxRecords">The most records to read; 0 with <paramref name="MaxBytes"/> 0.</param>
public readonly record struct ShipmentRequest(Lsn From, int MaxBytes, int MaxRecords)
{
    /// <summary>Whether there is nothing to read.</summary>
    public bool IsCommitOnly => MaxBytes == 0;
}
