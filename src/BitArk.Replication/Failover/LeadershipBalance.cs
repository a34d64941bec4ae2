namespace BitArk.Replication.Failover;

/// <summary>
/// Spreads leaderships again after a node was away: they went to the others, and nothing brings them back by itself. One hand-over after
/// the other, and only while everything is well: whoever cannot take over today would lead tomorrow with the same right. Each
/// brings the counts of two nodes nearer by two, so it ends. One thread.
/// </summary>
/// <param name="after">How long everything must have been well before the first hand-over; zero: never any.</param>
/// <param name="costs">Who leaves.</param>
public sealed class LeadershipBalance(TimeSpan after, LeadershipCosts costs)
{
    /// <summary>Between two looks, and so between two hand-overs.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Longer than any hand-over that is still going to be.
    private static readonly TimeSpan LongestMove = TimeSpan.FromSeconds(15);

    private const int PauseAfterFailure = 20;

    private readonly List<PartitionFailover> _partitions = [];
    private readonly HashSet<PartitionId> _chosen = [];
    private readonly Dictionary<(PartitionId Partition, NodeId To), TimeSpan> _failed = [];
    private TimeSpan _lookAt;
    private TimeSpan? _wellSince;
    private Move? _move;

    /// <summary>One more partition to spread.</summary>
    public void Add(PartitionFailover partition) => _partitions.Add(partition);

    /// <summary>Somebody said who is to lead this one: it stays there.</summary>
    public void LeaveAlone(PartitionId partition) => _chosen.Add(partition);

    /// <summary>It could not be led by whom somebody said.</summary>
    public void Free(PartitionId partition) => _chosen.Remove(partition);

    /// <summary>Begins a hand-over if one is due. Call every few tens of milliseconds.</summary>
    /// <returns>The partition, and who is to lead it; null: nothing is due.</returns>
    public (PartitionFailover Partition, NodeId To)? Next(TimeSpan now)
    {
        if (after <= TimeSpan.Zero || now < _lookAt)
            return null;
        _lookAt = now + Pause;
        if (!IsWell(now))
            return null;
        if (now - (_wellSince ??= now) < after || Pick(now) is not { } move || move.Partition.HandOver(move.To, now) != HandOverAnswer.Accepted)
            return null;
        _move = move;
        return (move.Partition, move.To);
    }

    // What it has begun itself is no reason to wait anew, unless it fails.
    private bool IsWell(TimeSpan now)
    {
        if (_move is { } move && now - move.At < LongestMove && !IsSettled(move.Partition))
            return false;
        if (_move is { } over && over.Partition.Leader?.Leader != over.To)
        {
            // Who cannot take over now may seem well all the same. The others are not to wait for it.
            _wellSince = null;
            _failed[(over.Partition.Partition, over.To)] = now + (after * PauseAfterFailure);
        }

        _move = null;
        if (!costs.IsAnybodyLeaving && _partitions.All(partition => IsSettled(partition) && partition.CannotVote(now).Count == 0))
            return true;
        _wellSince = null;
        return false;
    }

    private static bool IsSettled(PartitionFailover partition) =>
        partition is { Leader.IsServing: true, Reason: FailoverReason.None, Underway: null, Wanted: null };

    // From the node with the most to the one with the fewest, of those that share a partition.
    private Move? Pick(TimeSpan now)
    {
        var counts = _partitions.CountBy(partition => partition.Leader!.Value.Leader).ToDictionary();
        int CountOf(NodeId node) => counts.GetValueOrDefault(node);
        return _partitions
            .Where(partition => !_chosen.Contains(partition.Partition))
            .SelectMany(partition => partition.Replicas.Members.OrderBy(CountOf).ThenBy(node => node).Select(node => new Move(partition, node, now)))
            .Where(move => !_failed.TryGetValue((move.Partition.Partition, move.To), out var until) || now >= until)
            .Where(move => CountOf(move.Partition.Leader!.Value.Leader) - CountOf(move.To) >= 2)
            .OrderByDescending(move => CountOf(move.Partition.Leader!.Value.Leader) - CountOf(move.To))
            .ThenBy(move => move.Partition.Partition.Value)
            .FirstOrDefault();
    }

    private sealed record Move(PartitionFailover Partition, NodeId To, TimeSpan At);
}
