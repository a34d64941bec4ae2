namespace BitArk.Cluster.Partitions;

/// <summary>Counts what one replica received and refused. Any thread.</summary>
internal sealed class WireMeter
{
    private long _foreign;
    private long _checksums;
    private long _fullSyncs;

    /// <summary>The totals so far.</summary>
    public WireCounts Counts => new(Interlocked.Read(ref _foreign), Interlocked.Read(ref _checksums), Interlocked.Read(ref _fullSyncs));

    /// <summary>A message of another cluster or partition was refused.</summary>
    public void ForeignMessage() => Interlocked.Increment(ref _foreign);

    /// <summary>A piece of log or snapshot was damaged on the way.</summary>
    public void ChecksumFailure() => Interlocked.Increment(ref _checksums);

    /// <summary>A snapshot was installed.</summary>
    public void FullSync() => Interlocked.Increment(ref _fullSyncs);
}
