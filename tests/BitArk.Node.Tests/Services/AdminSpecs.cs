using BitArk.Cluster;
using BitArk.Node.Tests.Model;
using BitArk.Protocol;
using BitArk.Protocol.V1;
using Grpc.Core;

namespace BitArk.Node.Tests.Services;

public sealed class AdminSpecs
{
    [Fact]
    public async Task Should_describe_itself_and_every_partition_when_asked_for_the_cluster()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(2));

        var reply = await node.Admin.ClusterAsync(new ClusterRequest());

        Assert.Equal((ModelNode.Cluster.ToString(), "node1"), (reply.ClusterId, reply.AnsweredBy));
        var self = Assert.Single(reply.Nodes);
        Assert.Equal(("node1", "up", node.Ports.GrpcAuthority), (self.Name, self.Status, self.Address));
        Assert.Equal([0, 1], reply.Partitions.Select(p => p.Id));
        Assert.All(reply.Partitions, p => Assert.Equal(("node1", 1L, "quorum"), (p.Leader, p.Epoch, p.CommitRule)));
        Assert.All(reply.Partitions, p => Assert.Equal(("leader", "Alive", 64L), (p.Replicas[0].Role, p.Replicas[0].Status, p.Replicas[0].WrittenLsn)));
    }

    [Fact]
    public async Task Should_show_no_leader_and_the_progress_when_a_partition_recovers()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].Phase = new PartitionPhase.Recovering(0.5, "replaying the log");

        var partition = (await node.Admin.ClusterAsync(new ClusterRequest())).Partitions[0];

        Assert.Equal(("", "Syncing", 0.5), (partition.Leader, partition.Replicas[0].Status, partition.Replicas[0].SyncProgress));
    }

    [Fact]
    public async Task Should_snapshot_and_collect_all_partitions_when_none_is_named()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(3));

        var snapshots = await node.Admin.SnapshotAsync(new PartitionRequest());
        var collected = await node.Admin.CollectAsync(new PartitionRequest());

        Assert.Equal([(0, 128L, 4096L, 1L), (1, 128L, 4096L, 1L), (2, 128L, 4096L, 1L)], snapshots.Snapshots.Select(s => (s.Partition, s.Lsn, s.Bytes, s.ReadSets)));
        Assert.Equal((6L, 6144L), (collected.SegmentsDeleted, collected.BytesFreed));
    }

    [Fact]
    public async Task Should_snapshot_only_the_partition_named_over_http_when_asked()
    {
        await using var node = await RunningNode.StartAsync(new ModelNode(3));

        Assert.Equal(
            """{"snapshots":[{"partition":1,"lsn":"128","bytes":"4096","readSets":"1"}]}""",
            (await node.Http.PostForTextAsync("/v1/admin/snapshot", """{"partition": 1}""")).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(
            """{"segmentsDeleted":"2","bytesFreed":"2048"}""",
            (await node.Http.PostForTextAsync("/v1/admin/gc", """{"partition": 1}""")).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_say_why_when_a_snapshot_or_a_collection_fails()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].SnapshotAnswer = new SnapshotOutcome.Failed("write '/secret/a.snap' failed: No space left on device (errno 28)");
        node.Model.Model[0].CollectAnswer = new CollectOutcome.Failed("unlink '/secret/a.wal' failed: Input/output error (errno 5)");

        var snapshot = await Assert.ThrowsAsync<RpcException>(async () => await node.Admin.SnapshotAsync(new PartitionRequest()));
        var collect = await Assert.ThrowsAsync<RpcException>(async () => await node.Admin.CollectAsync(new PartitionRequest()));

        Assert.Equal(ErrorReason.DiskLow, ReadStatusErrors.FromException(snapshot)!.Reason);
        Assert.Contains("the disk is full", snapshot.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(ErrorReason.StorageFailed, ReadStatusErrors.FromException(collect)!.Reason);
        Assert.DoesNotContain("/secret", snapshot.Status.Detail + collect.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_no_leader_when_the_partition_stops_meanwhile()
    {
        await using var node = await RunningNode.StartAsync();
        node.Model.Model[0].SnapshotAnswer = new SnapshotOutcome.Failed("the partition is stopping");
        node.Model.Model[0].PhaseOnSnapshot = new PartitionPhase.Stopping();

        var e = await Assert.ThrowsAsync<RpcException>(async () => await node.Admin.SnapshotAsync(new PartitionRequest()));

        Assert.Equal(ErrorReason.NoLeader, ReadStatusErrors.FromException(e)!.Reason);
    }

    [Fact]
    public async Task Should_say_that_there_is_nobody_else_when_leadership_is_to_move()
    {
        await using var node = await RunningNode.StartAsync();

        var e = await Assert.ThrowsAsync<RpcException>(async () => await node.Admin.TransferLeaderAsync(new TransferLeaderRequest { Partition = 0, Node = "node2" }));

        Assert.Equal("node", ReadStatusErrors.FromException(e)!.Metadata["field"]);
        Assert.Contains("only replica", e.Status.Detail, StringComparison.Ordinal);
    }
}
