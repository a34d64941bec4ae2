using BitArk.Storage.Wal;

namespace BitArk.Storage.Replica;

/// <summary>What one replica's state belongs to, and what its decisions depend on.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Geometry">How positions are cut into segments.</param>
/// <param name="SessionWindow">Sequences remembered per session.</param>
/// <param name="SessionMaxBytes">Bound of the session table.</param>
public sealed record PartitionStateOptions(ClusterId ClusterId, PartitionId Partition, LogGeometry Geometry, int SessionWindow, long SessionMaxBytes);
