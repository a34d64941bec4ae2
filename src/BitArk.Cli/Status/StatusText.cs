using System.Globalization;
using BitArk.Cli.Terminal;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Status;

/// <summary>The state of a cluster as two tables of plain text: nodes, and a line for each replica, leaders first.</summary>
internal static class StatusText
{
    private static readonly string[] NodeColumns = ["NODE", "STATUS", "ADDRESS", "VERSION"];

    private static readonly string[] ReplicaColumns =
    [
        "PARTITION", "NODE", "ROLE", "STATUS", "EPOCH", "WRITTEN", "COMMIT", "APPLIED", "RETAINED", "SNAPSHOT", "LAG",
    ];

    /// <summary>Writes both tables.</summary>
    public static void Write(ClusterReply cluster, TextWriter writer)
    {
        writer.WriteLine($"cluster {cluster.ClusterId}, answered by {cluster.AnsweredBy}, coordinator {(cluster.Coordinator.Length == 0 ? "none" : cluster.Coordinator)}");
        writer.WriteLine();
        TextTable.Write(writer, NodeColumns, cluster.Nodes.Select(node => (string[])[node.Name, node.Status, node.Address, node.Version]));
        writer.WriteLine();
        TextTable.Write(writer, ReplicaColumns, cluster.Partitions.OrderBy(partition => partition.Id).SelectMany(Rows));
    }

    private static IEnumerable<string[]> Rows(PartitionInfo partition)
    {
        if (partition.Replicas.Count == 0)
        {
            return [[Number(partition.Id), "-", "-", "no replica", $"E{partition.Epoch}", "-", "-", "-", "-", "-", "-"]];
        }

        return partition.Replicas
            .OrderByDescending(replica => replica.Node == partition.Leader)
            .ThenBy(replica => replica.Node, StringComparer.Ordinal)
            .Select(replica => (string[])
            [
                Number(partition.Id),
                replica.Node,
                replica.Role,
                replica.Status == "Syncing" ? string.Create(CultureInfo.InvariantCulture, $"Syncing {100 * replica.SyncProgress:F0} %") : replica.Status,
                $"E{partition.Epoch}",
                Position(replica.WrittenLsn),
                Position(replica.CommitLsn),
                Position(replica.LastAppliedLsn),
                Position(replica.MinRetainedLsn),
                replica.SnapshotLsn == 0 ? "none" : Position(replica.SnapshotLsn),
                replica.LagBytes == 0 ? "0" : string.Create(CultureInfo.InvariantCulture, $"{Figures.Bytes(replica.LagBytes)} {replica.LagSeconds:F1} s"),
            ]);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Position(long lsn) => new Lsn(lsn).ToString();
}
