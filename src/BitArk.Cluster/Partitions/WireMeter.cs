namespace BitArk.Cluster.Partitions;

/// <summary>Counts what one replica received and refused. Any thread.</summary>
internal sealed class WireMeter
{
    private long _foreign;
    private long _checksums;
    private long _fullSyncs;
    private long _duplicates;
    private long _truncations;
    private long _refusedEpochs;
    private long _logReadFailures;
    private long _lostTailBytes;

    /// <summary>The totals so far.</summary>
    public WireCounts Counts => new(
        Interlocked.Read(ref _foreign),
        Interlocked.Read(ref _checksums),
        Interlocked.Read(ref _fullSyncs),
        Interlocked.Read(ref _duplicates),
        Interlocked.Read(ref _truncations),
        Interlocked.Read(ref _refusedEpochs),
        Interlocked.Read(ref _logReadFailures),
        Interlocked.Read(ref _lostTailBytes));

    /// <summary>A message of another cluster or partition was refused.</summary>
    public void ForeignMessage() => Interlocked.Increment(ref _foreign);

    /// <summary>A piece of log or snapshot was damaged on the way.</summary>
    public void ChecksumFailure() => Interlocked.Increment(ref _checksums);

    /// <summary>A snapshot was installed.</summary>
    public void FullSync() => Interlocked.Increment(ref _fullSyncs);

    /// <summary>A batch was here already.</summary>
    public void Duplicate() => Interlocked.Increment(ref _duplicates);

    /// <summary>The log is cut: its history differed from the leader's.</summary>
    public void Truncation() => Interlocked.Increment(ref _truncations);

    /// <summary>So much that had counted as committed, by the leader's word alone, is not in the history that goes on.</summary>
    public void LostTail(long bytes) => Interlocked.Add(ref _lostTailBytes, bytes);

    /// <summary>A batch came from a leader of an earlier epoch.</summary>
    public void RefusedEpoch() => Interlocked.Increment(ref _refusedEpochs);

    /// <summary>The log could not be read for now, to ship it or to apply it.</summary>
    public void LogReadFailure() => Interlocked.Increment(ref _logReadFailures);
}
