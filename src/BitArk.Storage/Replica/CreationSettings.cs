namespace BitArk.Storage.Replica;

/// <summary>What a data directory is created with and can never change afterwards, because the bytes in it depend on it.</summary>
/// <param name="NodeName">Unique in the cluster; 1 to 255 bytes of UTF-8 (<c>bitark.node-name</c>).</param>
/// <param name="Partitions">How users are spread over logs (<c>bitark.partitions</c>).</param>
/// <param name="ReplicationFactor">Replicas per partition at creation; recorded, but a later change is not refused, for replicas can be added.</param>
/// <param name="SegmentBytes">The size of a log segment: the meaning of every position depends on it (<c>bitark.wal.segment-bytes</c>).</param>
/// <param name="SessionWindow">Sequences remembered per session: decided when a record is applied, so every replica and every replay must agree (<c>bitark.sessions.window</c>).</param>
/// <param name="SessionMaxBytes">Bytes of one partition's session table, for the same reason (<c>bitark.sessions.max-bytes</c>).</param>
public sealed record CreationSettings(
    string NodeName,
    int Partitions,
    int ReplicationFactor,
    long SegmentBytes,
    int SessionWindow,
    long SessionMaxBytes);
