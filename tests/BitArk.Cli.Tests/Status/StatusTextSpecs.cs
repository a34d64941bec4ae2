using BitArk.Cli.Status;
using BitArk.Protocol.V1;

namespace BitArk.Cli.Tests.Status;

public sealed class StatusTextSpecs
{
    [Fact]
    public void Should_list_nodes_and_replicas_with_leaders_first_when_written()
    {
        var cluster = new ClusterReply
        {
            ClusterId = "c0ffee",
            AnsweredBy = "node1",
            Nodes = { new NodeInfo { Name = "node1", Address = "127.0.0.1:4053", Status = "up", Version = "0.1.0" } },
            Partitions =
            {
                new PartitionInfo
                {
                    Id = 0,
                    Leader = "node2",
                    Epoch = 3,
                    Replicas =
                    {
                        new ReplicaInfo { Node = "node1", Role = "follower", Status = "Syncing", SyncProgress = 0.42, WrittenLsn = 64, LagBytes = 8000, LagSeconds = 1.5 },
                        new ReplicaInfo { Node = "node2", Role = "leader", Status = "Alive", WrittenLsn = 8064, CommitLsn = 8064, LastAppliedLsn = 8000, MinRetainedLsn = 64, SnapshotLsn = 4096 },
                    },
                },
                new PartitionInfo { Id = 1 },
            },
        };
        var writer = new StringWriter { NewLine = "\n" };
        StatusText.Write(cluster, writer);
        Assert.Equal(
            """
            cluster c0ffee, answered by node1, coordinator none

            NODE   STATUS  ADDRESS         VERSION
            node1  up      127.0.0.1:4053  0.1.0

            PARTITION  NODE   ROLE      STATUS        EPOCH  WRITTEN  COMMIT  APPLIED  RETAINED  SNAPSHOT  LAG
            0          node2  leader    Alive         E3     0x1F80   0x1F80  0x1F40   0x40      0x1000    0
            0          node1  follower  Syncing 42 %  E3     0x40     0x0     0x0      0x0       none      7.8 KiB 1.5 s
            1          -      -         no replica    E0     -        -       -        -         -         -

            """,
            writer.ToString());
    }
}
