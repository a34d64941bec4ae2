using Akka.Configuration;
using BitArk.Replication;

namespace BitArk.Cluster;

/// <summary>Everything a node is told, validated: made only by <see cref="SettingsLoader"/>. Keys, units and defaults are described in <c>hocon/reference.conf</c>.</summary>
public sealed record BitArkSettings
{
    /// <summary>Unique in the cluster.</summary>
    public required string NodeName { get; init; }

    /// <summary>Directory of everything this node keeps.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Number of partitions, fixed at creation.</summary>
    public required int Partitions { get; init; }

    /// <summary>Replicas per partition.</summary>
    public required int ReplicationFactor { get; init; }

    /// <summary>What makes a write committed.</summary>
    public required CommitRule CommitRule { get; init; }

    /// <summary>The namespaces callers may name.</summary>
    public required IReadOnlyDictionary<string, NamespaceId> Namespaces { get; init; }

    /// <summary>Where the front ends listen.</summary>
    public required ListenerSettings Listeners { get; init; }

    /// <summary>How nodes find each other.</summary>
    public required ClusterSettings Cluster { get; init; }

    /// <summary>The log.</summary>
    public required WalSettings Wal { get; init; }

    /// <summary>How many writes may wait.</summary>
    public required AdmissionSettings Admission { get; init; }

    /// <summary>How much memory the state may take.</summary>
    public required MemorySettings Memory { get; init; }

    /// <summary>When snapshots are taken.</summary>
    public required SnapshotSettings Snapshot { get; init; }

    /// <summary>What holds the log back.</summary>
    public required GcSettings Gc { get; init; }

    /// <summary>The stream to followers.</summary>
    public required ReplicationSettings Replication { get; init; }

    /// <summary>How leadership moves.</summary>
    public required FailoverSettings Failover { get; init; }

    /// <summary>How reads wait.</summary>
    public required ReadSettings Reads { get; init; }

    /// <summary>Exactly-once writes.</summary>
    public required SessionSettings Sessions { get; init; }

    /// <summary>The whole merged configuration, for the ActorSystem.</summary>
    public required Config Hocon { get; init; }

    /// <summary>The most partitions there can be.</summary>
    internal const int MaxPartitions = 1024;

    private const int MaxReplicas = 9;

    internal static BitArkSettings From(Config merged)
    {
        var reader = new HoconReader(merged);
        var replicationFactor = reader.Number("replication-factor", 1, MaxReplicas);
        var listeners = ListenerSettings.From(reader);
        if (replicationFactor > 1 && listeners.GrpcPort == 0)
            reader.Refuse("grpc.port", "0", $"a port is allowed, or -1: with bitark.replication-factor = {replicationFactor} it carries snapshots and forwarded calls between the nodes");

        var settings = new BitArkSettings
        {
            NodeName = reader.Text("node-name", NodeNames.IsValid, NodeNames.Allowed + " are allowed"),
            DataDirectory = reader.Text("data-dir", path => path.Trim().Length > 0, "the path of a directory is allowed"),
            Partitions = reader.Number("partitions", 1, MaxPartitions),
            ReplicationFactor = replicationFactor,
            CommitRule = reader.OneOf("commit-rule", ("quorum", CommitRule.Quorum), ("leader", CommitRule.Leader)),
            Namespaces = NamespaceNames.From(reader),
            Listeners = listeners,
            Cluster = ClusterSettings.From(reader, replicationFactor, listeners),
            Wal = WalSettings.From(reader),
            Admission = AdmissionSettings.From(reader),
            Memory = MemorySettings.From(reader),
            Snapshot = SnapshotSettings.From(reader),
            Gc = GcSettings.From(reader),
            Replication = ReplicationSettings.From(reader),
            Failover = FailoverSettings.From(reader),
            Reads = ReadSettings.From(reader),
            Sessions = SessionSettings.From(reader),
            Hocon = merged,
        };
        reader.ThrowIfInvalid();
        return settings;
    }
}
