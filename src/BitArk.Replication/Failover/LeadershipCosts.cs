namespace BitArk.Replication.Failover;

/// <summary>
/// What a leadership more would cost each node, so that leaders spread evenly: also when all partitions get one at once, since who is
/// about to lead counts already. Coordinating costs half a leadership, and nothing goes to a node that leaves while another could have it.
/// One thread.
/// </summary>
/// <param name="coordinator">The coordinator's own node.</param>
public sealed class LeadershipCosts(NodeId coordinator)
{
    private const int OfLeading = 2;
    private const int OfCoordinating = 1;
    private const int OfLeaving = 1_000_000;

    private readonly List<PartitionFailover> _partitions = [];
    private readonly HashSet<NodeId> _leaving = [];

    /// <summary>One more partition to spread.</summary>
    public void Add(PartitionFailover partition) => _partitions.Add(partition);

    /// <summary>A node says whether it is about to stop.</summary>
    public void OnLeaving(NodeId node, bool isLeaving)
    {
        if (isLeaving)
            _leaving.Add(node);
        else
            _leaving.Remove(node);
    }

    /// <summary>Whether a node is about to stop.</summary>
    public bool IsAnybodyLeaving => _leaving.Count > 0;

    /// <summary>The lower, the better. For <see cref="ElectionRound"/>.</summary>
    public int Of(NodeId node) =>
        (OfLeading * _partitions.Count(partition => partition.BoundTo == node))
        + (node == coordinator ? OfCoordinating : 0)
        + (_leaving.Contains(node) ? OfLeaving : 0);

    /// <summary>Who is to take a partition over from a node that leaves; null: it is not led by one, or nobody could, or it is under way.</summary>
    public NodeId? SuccessorIn(PartitionFailover partition, TimeSpan now)
    {
        if (partition.Leader is not { } leader || !_leaving.Contains(leader.Leader) || partition.Wanted is not null || partition.Underway is not null)
            return null;
        return partition.Replicas.Members
            .Where(member => !_leaving.Contains(member) && partition.CanTakeOver(member, now))
            .OrderBy(Of)
            .Select(member => (NodeId?)member)
            .FirstOrDefault();
    }
}
