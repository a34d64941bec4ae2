namespace BitArk.Cluster;

/// <summary>What became of a request for a snapshot. Closed union.</summary>
public abstract record SnapshotOutcome
{
    private SnapshotOutcome()
    {
    }

    /// <summary>Durable and verified.</summary>
    public sealed record Written(Lsn Lsn, long Bytes, long ReadSets) : SnapshotOutcome;

    /// <summary>It could not be written; the older snapshots are untouched.</summary>
    public sealed record Failed(string Reason) : SnapshotOutcome;
}

/// <summary>What became of a request to collect garbage. Closed union.</summary>
public abstract record CollectOutcome
{
    private CollectOutcome()
    {
    }

    /// <summary>What was deleted; zeros when nothing could be.</summary>
    public sealed record Collected(long SegmentsDeleted, long BytesFreed) : CollectOutcome;

    /// <summary>Deleting failed; what remains is still consistent.</summary>
    public sealed record Failed(string Reason) : CollectOutcome;
}
