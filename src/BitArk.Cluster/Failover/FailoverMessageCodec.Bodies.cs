using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Failover;

// What stands behind the header; the rulers are beside it.
internal static partial class FailoverMessageCodec
{
    /// <summary>Rows of one report at most: there cannot be more partitions.</summary>
    public const int MaxRows = BitArkSettings.MaxPartitions;

    /// <summary>The longest time that an answer tells of; a longer one is told as this.</summary>
    public static readonly TimeSpan LongestUnavailable = TimeSpan.FromDays(1);

    private const int RowSize = 14;

    private static byte KindOf(FailoverMessage message) => message switch
    {
        CoordinatorHello => 1,
        NodeReport => 2,
        TransferLeaderOrder => 3,
        TransferLeaderAnswer => 4,
        _ => throw new ArgumentOutOfRangeException(nameof(message), message.GetType().Name, "No such message."),
    };

    private static int BodySizeOf(FailoverMessage message) => message switch
    {
        CoordinatorHello hello => 25 + hello.Node.Name.Length,
        NodeReport report => 14 + report.Node.Name.Length + (RowSize * report.Rows.Count),
        TransferLeaderOrder order => 5 + order.To.Name.Length,
        TransferLeaderAnswer answer => 18 + (answer.Leader?.Name.Length ?? 0),
        _ => 0,
    };

    private static void WriteBody(FailoverMessage message, ref WireWriter into)
    {
        switch (message)
        {
            case CoordinatorHello hello:
                into.Guid(hello.Proposer);
                into.Int64(hello.Sequence);
                into.Text(hello.Node.Name);
                break;
            case NodeReport report:
                WriteReport(report, ref into);
                break;
            case TransferLeaderOrder order:
                into.Int32(order.Partition.Value);
                into.Text(order.To.Name);
                break;
            case TransferLeaderAnswer answer:
                into.Byte((byte)answer.Result);
                into.Int64(answer.Epoch.Value);
                into.Int64((long)Math.Min(answer.Unavailable.TotalMicroseconds, LongestUnavailable.TotalMicroseconds));
                into.Text(answer.Leader?.Name ?? "");
                break;
        }
    }

    private static void WriteReport(NodeReport report, ref WireWriter into)
    {
        into.Int64(report.Sequence);
        into.Flag(report.IsLeaving);
        into.Text(report.Node.Name);
        into.Int32(report.Rows.Count);
        foreach (var (partition, replica) in report.Rows)
        {
            into.Int32(partition.Value);
            into.Byte((byte)replica.Standing);
            into.Flag(replica.IsServing);
            into.Int64(replica.Promised.Value);
        }
    }

    private static FailoverMessage ReadBody(byte kind, ClusterId cluster, ref FieldReader from) => kind switch
    {
        1 => ReadHello(cluster, ref from),
        2 => ReadReport(cluster, ref from),
        3 => new TransferLeaderOrder(cluster, from.Partition(), from.Node()),
        _ => ReadAnswer(cluster, ref from),
    };

    private static CoordinatorHello ReadHello(ClusterId cluster, ref FieldReader from)
    {
        var proposer = from.Guid();
        var sequence = from.Count("sequence");
        return new CoordinatorHello(cluster, proposer, from.Node(), sequence);
    }

    private static NodeReport ReadReport(ClusterId cluster, ref FieldReader from)
    {
        var sequence = from.Count("sequence");
        var isLeaving = from.Flag();
        var node = from.Node();

        // What is allocated is bounded by what is there.
        var rows = new PartitionReport[from.Rows(RowSize, MaxRows)];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = ReadRow(ref from);
            if (i > 0 && rows[i].Partition.Value <= rows[i - 1].Partition.Value)
                from.Fail("its partitions are not in order");
        }

        return new NodeReport(cluster, node, sequence, isLeaving, rows);
    }

    private static PartitionReport ReadRow(ref FieldReader from)
    {
        var partition = from.Partition();
        var standing = (ReplicaStanding)from.Byte((byte)ReplicaStanding.Leading, "standing");
        var isServing = from.Flag();
        return new PartitionReport(partition, new ReplicaReport(standing, new Epoch(from.Count("epoch")), isServing));
    }

    private static TransferLeaderAnswer ReadAnswer(ClusterId cluster, ref FieldReader from)
    {
        var result = (TransferResult)from.Byte((byte)TransferResult.NoCoordinator, "result");
        var epoch = new Epoch(from.Count("epoch"));
        var unavailable = from.Micros(LongestUnavailable);
        return new TransferLeaderAnswer(cluster, result, epoch, from.OptionalNode(), unavailable);
    }
}
