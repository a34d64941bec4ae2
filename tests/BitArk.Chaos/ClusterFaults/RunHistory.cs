using System.Collections.Concurrent;
using BitArk.Chaos.ClusterHistories;
using BitArk.Chaos.Histories;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>Everything that the clients of a run asked and were told. Safe for concurrent use.</summary>
internal sealed class RunHistory(int partitions)
{
    private readonly ConcurrentQueue<ClusterOperation>[] _operations = [.. Enumerable.Range(0, partitions).Select(_ => new ConcurrentQueue<ClusterOperation>())];
    private long _acknowledged;

    /// <summary>Partitions of the cluster.</summary>
    public int Partitions => partitions;

    /// <summary>Writes acknowledged so far.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>All operations so far.</summary>
    public IEnumerable<ClusterOperation> All => _operations.SelectMany(operations => operations);

    /// <summary>The operations of a partition.</summary>
    public IReadOnlyList<ClusterOperation> Of(int partition) => [.. _operations[partition]];

    /// <summary>Where a user's read sets are.</summary>
    public int PartitionOf(UserId user) => PartitionId.Of(user, partitions).Value;

    /// <summary>One operation is over.</summary>
    public void Add(ClusterOperation operation)
    {
        UserId user = operation switch
        {
            ClusterOperation.Write write => write.Operations[0].User,
            ClusterOperation.Read read => read.Key.User,
            _ => throw new ArgumentOutOfRangeException(nameof(operation)),
        };
        _operations[PartitionOf(user)].Enqueue(operation);
        if (operation is ClusterOperation.Write { Outcome: Outcome.Ok })
            Interlocked.Increment(ref _acknowledged);
    }
}
