using BitArk.Storage.Replica;

namespace BitArk.Cluster.Creation;

/// <summary>What all nodes of a cluster must be created with: the bytes of logs and snapshots depend on it, and they are the same everywhere.</summary>
/// <param name="Partitions">How users are spread over logs (<c>bitark.partitions</c>).</param>
/// <param name="ReplicationFactor">Replicas per partition (<c>bitark.replication-factor</c>).</param>
/// <param name="SegmentBytes">The size of a log segment (<c>bitark.wal.segment-bytes</c>).</param>
/// <param name="SessionWindow">Sequences remembered per session (<c>bitark.sessions.window</c>).</param>
/// <param name="SessionMaxBytes">Bytes of one partition's session table (<c>bitark.sessions.max-bytes</c>).</param>
public sealed record LayoutTerms(int Partitions, int ReplicationFactor, long SegmentBytes, int SessionWindow, long SessionMaxBytes)
{
    /// <summary>What a node's settings say.</summary>
    public static LayoutTerms Of(BitArkSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new(settings.Partitions, settings.ReplicationFactor, settings.Wal.SegmentBytes, settings.Sessions.Window, settings.Sessions.MaxBytes);
    }

    /// <summary>What a data directory is created with under these terms.</summary>
    internal CreationSettings For(NodeId node) => new(node.Name, Partitions, ReplicationFactor, SegmentBytes, SessionWindow, SessionMaxBytes);

    /// <summary>The first difference, as <c>key is value, not other</c>; null when there is none.</summary>
    internal string? DifferenceFrom(LayoutTerms other)
    {
        foreach (var (key, mine, theirs) in (ReadOnlySpan<(string, long, long)>)
        [
            ("bitark.partitions", Partitions, other.Partitions),
            ("bitark.replication-factor", ReplicationFactor, other.ReplicationFactor),
            ("bitark.wal.segment-bytes", SegmentBytes, other.SegmentBytes),
            ("bitark.sessions.window", SessionWindow, other.SessionWindow),
            ("bitark.sessions.max-bytes", SessionMaxBytes, other.SessionMaxBytes),
        ])
        {
            if (mine != theirs)
                return $"{key} is {mine}, not {theirs}";
        }

        return null;
    }
}
