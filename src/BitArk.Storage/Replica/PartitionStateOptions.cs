using BitArk.Storage.Snapshots;
using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>What one replica's state belongs to, and what its decisions depend on.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Geometry">How positions are cut into segments.</param>
/// <param name="SessionWindow">Sequences remembered per session.</param>
/// <param name="SessionMaxBytes">Bound of the session table.</param>
public sealed record PartitionStateOptions(ClusterId ClusterId, PartitionId Partition, LogGeometry Geometry, int SessionWindow, long SessionMaxBytes)
{
    /// <summary>Where the hash keys of new read tables come from: nobody outside may know them. A simulator gives its own, and gets the same bytes again.</summary>
    public Random Hashes { get; init; } = Random.Shared;

    /// <summary>Why a snapshot is none of this replica; null when it may be.</summary>
    internal string? FindContradiction(in SnapshotHeader header) =>
        Differ("cluster", header.ClusterId, ClusterId)
        ?? Differ("partition", header.Partition, Partition)
        ?? Differ("segment size", header.SegmentBytes, Geometry.SegmentBytes)
        ?? Differ("session window", header.SessionWindow, SessionWindow)
        ?? Differ("session bound", header.SessionMaxBytes, SessionMaxBytes)
        ?? (Geometry.IsPosition(header.Lsn) ? null : $"its position {header.Lsn} is none of this log's");

    private static string? Differ<T>(string what, T stored, T own) =>
        EqualityComparer<T>.Default.Equals(stored, own) ? null : $"its {what} is {stored}, this replica's is {own}";
}
