namespace BitArk.Storage.Wal;

/// <summary>What a verification found.</summary>
/// <param name="Verdict">The conclusion.</param>
/// <param name="Log">Whose log it is and what it consists of; null when not even that could be read.</param>
/// <param name="Records">Valid records read.</param>
/// <param name="LastEpoch">The epoch of the last one.</param>
public sealed record WalReport(WalVerdict Verdict, WalInventory? Log, long Records, Epoch LastEpoch);

/// <summary>Whose log it is and what it consists of.</summary>
/// <param name="Cluster">From the durable mark.</param>
/// <param name="Partition">From the durable mark.</param>
/// <param name="Geometry">From the first segment's header.</param>
/// <param name="Segments">The indices of the segments found, ascending.</param>
/// <param name="Mark">The durable mark.</param>
public sealed record WalInventory(
    ClusterId Cluster, PartitionId Partition, LogGeometry Geometry, IReadOnlyList<long> Segments, DurableMarkState Mark);

/// <summary>The conclusion of a verification. Closed union.</summary>
public abstract record WalVerdict
{
    private WalVerdict()
    {
    }

    /// <summary>There is no log here.</summary>
    public sealed record Absent : WalVerdict;

    /// <summary>Every record up to <paramref name="End"/> is valid, and nothing follows.</summary>
    public sealed record Sound(Lsn End) : WalVerdict;

    /// <summary>Valid up to <paramref name="End"/>; what follows was never confirmed, and the next start sets it aside.</summary>
    public sealed record TornTail(Lsn End, string FilePath, long Offset, string Reason) : WalVerdict;

    /// <summary>Durable bytes are missing or damaged; the node refuses to start on this log.</summary>
    public sealed record Damaged(string FilePath, long Offset, Lsn Lsn, string Reason) : WalVerdict;

    /// <summary>A newer version wrote it.</summary>
    public sealed record Unsupported(string FilePath, long Offset, Lsn Lsn, string Reason) : WalVerdict;
}
