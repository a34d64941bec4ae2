using BitArk.Cluster;
using BitArk.Node.Tests.Model;
using BitArk.Protocol.V1;
using BitArk.Replication;

namespace BitArk.Node.Tests.Services;

public sealed class ClusterViewSpecs : IAsyncLifetime
{
    private RunningNode _node = null!;

    public async Task InitializeAsync()
    {
        var model = new ModelNode { Directory = new Nodes() };
        model.Model[0].WireCounts = new WireCounts(1, 2, 3, 4, 5, 6, 7, 8);
        model.Model[0].Views =
        [
            new ReplicaView(new NodeId("node1"), ReplicaRole.Leader, FollowerStatus.Alive) { WrittenLsn = new Lsn(900), CommitLsn = new Lsn(800) },
            new ReplicaView(new NodeId("node2"), ReplicaRole.Learner, FollowerStatus.Syncing)
            {
                WrittenLsn = new Lsn(1),
                CommitLsn = new Lsn(2),
                LastAppliedLsn = new Lsn(3),
                LastAckLsn = new Lsn(4),
                LagBytes = 5,
                Lag = TimeSpan.FromSeconds(1.5),
                MinRetainedLsn = new Lsn(6),
                SnapshotLsn = new Lsn(7),
                SyncProgress = 0.25,
                Stream = new StreamCounts(8, 9, 10, 11, 12),
            },
            new ReplicaView(new NodeId("node3"), ReplicaRole.Follower, FollowerStatus.Dead),
        ];
        _node = await RunningNode.StartAsync(model);
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Should_show_every_node_and_all_that_is_known_of_every_replica_when_asked()
    {
        var cluster = await _node.Admin.ClusterAsync(new ClusterRequest());

        Assert.Equal([("node1", "up"), ("node2", "unreachable"), ("node3", "down")], cluster.Nodes.Select(known => (known.Name, known.Status)));
        Assert.Equal([_node.Ports.GrpcAuthority, "127.0.0.1:8181", ""], cluster.Nodes.Select(known => known.Address));
        var partition = Assert.Single(cluster.Partitions);
        Assert.Equal(("node1", 1L), (partition.Leader, partition.Epoch));
        Assert.Equal(["leader", "learner", "follower"], partition.Replicas.Select(replica => replica.Role));
        Assert.Equal(
            new ReplicaInfo
            {
                Node = "node2",
                Role = "learner",
                Status = "Syncing",
                WrittenLsn = 1,
                CommitLsn = 2,
                LastAppliedLsn = 3,
                LastAckLsn = 4,
                LagBytes = 5,
                LagSeconds = 1.5,
                MinRetainedLsn = 6,
                SnapshotLsn = 7,
                SyncProgress = 0.25,
            },
            partition.Replicas[1]);
    }

    [Theory]
    [InlineData("bitark_replica_lag_bytes", "5")]
    [InlineData("bitark_replica_lag_time_seconds", "1.5")]
    [InlineData("bitark_replica_matched_lsn_bytes", "4")]
    [InlineData("bitark_replica_last_applied_lsn_bytes", "3")]
    [InlineData("bitark_replica_status", "3")]
    [InlineData("bitark_replica_sync_progress", "0.25")]
    [InlineData("bitark_replica_in_flight_bytes", "8")]
    [InlineData("bitark_replica_retransmits_total", "9")]
    [InlineData("bitark_replica_nacks_total", "10")]
    [InlineData("bitark_replica_checksum_failures_total", "11")]
    [InlineData("bitark_replica_full_syncs_total", "12")]
    [InlineData("bitark_partition_foreign_messages_total", "1", false)]
    [InlineData("bitark_partition_checksum_failures_total", "2", false)]
    [InlineData("bitark_partition_full_syncs_total", "3", false)]
    [InlineData("bitark_partition_duplicates_total", "4", false)]
    [InlineData("bitark_partition_truncations_total", "5", false)]
    [InlineData("bitark_partition_refused_epochs_total", "6", false)]
    [InlineData("bitark_partition_log_read_failures_total", "7", false)]
    [InlineData("bitark_partition_leading", "1", false)]
    [InlineData("bitark_log_commit_lag_bytes", "0", false)]
    public async Task Should_show_a_follower_when_scraped(string name, string value, bool ofNode = true)
    {
        var text = await _node.Http.GetForTextAsync("/metrics");
        var line = text.Split('\n').FirstOrDefault(line =>
            line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains("partition=\"0\"", StringComparison.Ordinal) && (!ofNode || line.Contains("node=\"node2\"", StringComparison.Ordinal)));

        Assert.Equal(value, line?.Split(' ')[1]);
    }

    private sealed class Nodes : INodeDirectory
    {
        IReadOnlyList<NodeView> INodeDirectory.Nodes { get; } =
        [
            new NodeView(new NodeId("node1"), "", NodeStatus.Up, ""),
            new NodeView(new NodeId("node2"), "127.0.0.1:8181", NodeStatus.Unreachable, "0.1.0"),
            new NodeView(new NodeId("node3"), "", NodeStatus.Down, ""),
        ];
    }
}
