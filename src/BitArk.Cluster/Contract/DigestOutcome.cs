namespace BitArk.Cluster;

/// <summary>What became of a request for a replica's checksum at one position. Closed union.</summary>
public abstract record DigestOutcome
{
    private DigestOutcome()
    {
    }

    /// <summary>Memory at exactly <paramref name="Lsn"/> has this checksum.</summary>
    public sealed record Computed(Lsn Lsn, ulong Digest) : DigestOutcome;

    /// <summary>The replica is beyond the position already; ask again for a later one.</summary>
    public sealed record Passed(Lsn LastAppliedLsn) : DigestOutcome;

    /// <summary>It did not get there in time, or does not serve.</summary>
    public sealed record Unavailable(string Reason) : DigestOutcome;
}
