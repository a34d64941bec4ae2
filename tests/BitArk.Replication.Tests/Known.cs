using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Tests;

/// <summary>Names and ids that tests share.</summary>
internal static class Known
{
    public static readonly ClusterId Cluster = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
    public static readonly PartitionId Partition = new(7);
    public static readonly NodeId A = new("node-a");
    public static readonly NodeId B = new("node-b");
    public static readonly NodeId C = new("node-c");
    public static readonly ReplicaSet Three = new([A, B, C]);
    public static readonly Epoch Epoch = new(5);

    public static Lsn At(long value) => new(value);

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static Ack Ack(long? matched, Epoch? epoch = null, bool isDamaged = false, double syncProgress = -1, long applied = 0, bool isLearner = false, NodeId? from = null) => new(
        Cluster, Partition, epoch ?? Epoch, from ?? B, matched is { } value ? At(value) : null, At(applied), 0, Lsn.Zero, Lsn.Zero, syncProgress, isDamaged, isLearner);

    public static PullFrom Pull(long nonce, long lastEpoch, long written, Epoch? epoch = null, bool isDamaged = false) =>
        new(Cluster, Partition, epoch ?? Epoch, nonce, B, new Epoch(lastEpoch), At(written), isDamaged);

    public static Nack Nack(long expected, Epoch? epoch = null, bool wasDamaged = false) =>
        new(Cluster, Partition, epoch ?? Epoch, B, At(expected), wasDamaged);

    /// <summary>How patient a coordinator is: nobody is waited for once a majority has promised.</summary>
    public static FailoverTiming Patience { get; } = new()
    {
        SilentAfter = Ms(2000),
        RepeatAfter = Ms(200),
        ChooseAfter = TimeSpan.Zero,
        RoundTimeout = Ms(1000),
        ServeTimeout = Ms(5000),
        HandOverTimeout = Ms(1500),
        RetryFirst = Ms(100),
    };
}
