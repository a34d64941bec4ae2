namespace BitArk.Replication.Follower;

/// <summary>What the storage found in a batch's bytes.</summary>
public abstract record BytesVerdict
{
    private BytesVerdict()
    {
    }

    /// <summary>Whole records with right checksums; what is here already is equal.</summary>
    public sealed record Sound : BytesVerdict;

    /// <summary>Not what a leader sends: a checksum, a length, an order of epochs.</summary>
    /// <param name="Reason">What.</param>
    public sealed record Corrupt(string Reason) : BytesVerdict;

    /// <summary>Right checksums, but other bytes than those here.</summary>
    /// <param name="Lsn">Where the first different record begins.</param>
    public sealed record DiffersAt(Lsn Lsn) : BytesVerdict;
}
