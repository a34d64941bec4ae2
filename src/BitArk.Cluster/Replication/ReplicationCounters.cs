namespace BitArk.Cluster.Replication;

/// <summary>Counts what the replicas of a partition repaired or refused; for metrics. Any thread.</summary>
internal sealed class ReplicationCounters
{
    private long _batchesSent;
    private long _bytesSent;
    private long _retransmits;
    private long _nacks;
    private long _damagedBatches;
    private long _duplicates;
    private long _truncations;
    private long _fullSyncs;
    private long _damagedChunks;
    private long _refusedEpochs;

    /// <summary>Batches shipped to followers.</summary>
    public long BatchesSent => Volatile.Read(ref _batchesSent);

    /// <summary>Bytes of log shipped to followers.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Times a leader went back to what a follower had acknowledged.</summary>
    public long Retransmits => Volatile.Read(ref _retransmits);

    /// <summary>Gaps and damaged batches that this replica asked again for.</summary>
    public long Nacks => Volatile.Read(ref _nacks);

    /// <summary>Batches whose bytes failed their checksum.</summary>
    public long DamagedBatches => Volatile.Read(ref _damagedBatches);

    /// <summary>Batches that were here already.</summary>
    public long Duplicates => Volatile.Read(ref _duplicates);

    /// <summary>Times the log was cut because the histories differed.</summary>
    public long Truncations => Volatile.Read(ref _truncations);

    /// <summary>Snapshots of a leader's installed here.</summary>
    public long FullSyncs => Volatile.Read(ref _fullSyncs);

    /// <summary>Chunks of a snapshot that arrived damaged and were fetched again.</summary>
    public long DamagedChunks => Volatile.Read(ref _damagedChunks);

    /// <summary>Messages of an epoch below the promised one.</summary>
    public long RefusedEpochs => Volatile.Read(ref _refusedEpochs);

    public void Sent(int bytes)
    {
        Interlocked.Increment(ref _batchesSent);
        Interlocked.Add(ref _bytesSent, bytes);
    }

    public void Retransmitted() => Interlocked.Increment(ref _retransmits);

    public void Nacked() => Interlocked.Increment(ref _nacks);

    public void FoundDamagedBatch() => Interlocked.Increment(ref _damagedBatches);

    public void FoundDuplicate() => Interlocked.Increment(ref _duplicates);

    public void Truncated() => Interlocked.Increment(ref _truncations);

    public void FullySynced() => Interlocked.Increment(ref _fullSyncs);

    public void FoundDamagedChunk() => Interlocked.Increment(ref _damagedChunks);

    public void RefusedEpoch() => Interlocked.Increment(ref _refusedEpochs);
}
