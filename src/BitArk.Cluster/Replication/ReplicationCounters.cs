namespace BitArk.Cluster.Replication;

/// <summary>Counts what a follower met and repaired; for metrics. Any thread.</summary>
internal sealed class ReplicationCounters
{
    private long _nacks;
    private long _duplicates;
    private long _truncations;
    private long _refusedEpochs;

    /// <summary>Gaps and damaged batches that were asked for again.</summary>
    public long Nacks => Volatile.Read(ref _nacks);

    /// <summary>Batches that were here already.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>Times the log was cut because the histories differed.</summary>
    public long Truncations => Volatile.Read(ref _truncations);

    /// <summary>Batches of an epoch below the promised one.</summary>
    public long RefusedEpochs => Volatile.Read(ref _refusedEpochs);

    public void Nacked() => Interlocked.Increment(ref _nacks);

    public void FoundDuplicate() => Interlocked.Increment(ref _duplicates);

    public void Truncated() => Interlocked.Increment(ref _truncations);

    public void RefusedEpoch() => Interlocked.Increment(ref _refusedEpochs);
}
