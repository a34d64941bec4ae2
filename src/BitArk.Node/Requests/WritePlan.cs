namespace BitArk.Node.Requests;

/// <summary>
/// A validated write, laid out for the partitions: operations grouped by partition, and for each of them the request's
/// operation it belongs to, so that results come back in the order asked.
/// </summary>
/// <param name="Operations">One range each, grouped by partition, in request order within a partition.</param>
/// <param name="Owners">Owners[i]: index of the request's operation that Operations[i] came from; empty when there is only one.</param>
/// <param name="Shares">The groups; at least one.</param>
/// <param name="OwnerCount">How many operations the request has.</param>
/// <param name="Session">The session, or 0.</param>
/// <param name="Sequence">The session's number of this write, or 0.</param>
internal sealed record WritePlan(
    MarkOperation[] Operations,
    int[] Owners,
    PartitionShare[] Shares,
    int OwnerCount,
    SessionId Session,
    long Sequence);

/// <summary>The operations of one partition: <paramref name="Count"/> of them from <paramref name="Start"/> on.</summary>
internal readonly record struct PartitionShare(PartitionId Partition, int Start, int Count);
