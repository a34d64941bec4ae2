using BitArk.Cluster;
using BitArk.Protocol;
using BitArk.Protocol.V1;

namespace BitArk.Node.Services;

/// <summary>
/// Opens a partition's memory for a read once the consistency asked for holds. Without a token that means: at once, with
/// nothing allocated. On a single node the leader's memory is the newest there is, so LEADER needs no more than that.
/// </summary>
internal sealed class ReadGate(IReadStatusNode node, TimeSpan tokenWait)
{
    /// <summary>The memory of a partition that covers what the session has seen of it.</summary>
    /// <exception cref="Grpc.Core.RpcException">RECOVERING, NO_LEADER, STORAGE_FAILED, TOKEN_LOST or REPLICA_BEHIND.</exception>
    public ValueTask<IPartitionReads> OpenAsync(PartitionId id, Consistency consistency, SessionToken? token, CancellationToken cancellation)
    {
        var partition = node.Partitions[id.Value];
        if (PhaseErrors.From(partition.Phase, id) is { } error)
            throw error.ToException();
        if (token is null || consistency == Consistency.Any || !token.TryFind(id, out var seen))
            return new ValueTask<IPartitionReads>(partition.Reads);

        RefuseIfLost(partition, seen);
        return WaitAsync(partition, seen, cancellation);
    }

    /// <summary>Refuses a token whose position this leader's log never reached, or reached in another history.</summary>
    public static void RefuseIfLost(IPartition partition, TokenEntry seen)
    {
        // What memory has applied nearly always covers the token; all the positions cost a walk over the tables.
        var applied = partition.Reads.Position;
        if (seen.Epoch <= applied.Epoch && seen.Lsn <= applied.Lsn)
            return;

        var positions = partition.Positions;
        if (seen.Epoch <= positions.Epoch && seen.Lsn <= positions.WrittenLsn)
            return;

        throw new ReadStatusError(
            ErrorReason.TokenLost,
            $"The token covers {seen.Epoch}@{seen.Lsn} of partition {seen.Partition}, but its log ends at {positions.Epoch}@{positions.WrittenLsn}: "
            + "that part of the history is gone. Start a new session without the token.",
            "partition",
            seen.Partition.ToString()).ToException();
    }

    private async ValueTask<IPartitionReads> WaitAsync(IPartition partition, TokenEntry seen, CancellationToken cancellation)
    {
        var reads = partition.Reads;
        try
        {
            if (await reads.WaitForAsync(seen.Lsn, tokenWait, cancellation).ConfigureAwait(false))
                return reads;
        }
        catch (OperationCanceledException)
        {
            // The caller's deadline came before the token's wait was over: the answer is the same.
        }

        throw new ReadStatusError(
            ErrorReason.ReplicaBehind,
            $"This replica has not yet applied {seen.Epoch}@{seen.Lsn} of partition {seen.Partition}. Try again, or ask the leader.",
            new Dictionary<string, string> { ["leader"] = node.NodeName, ["partition"] = seen.Partition.ToString() }).ToException();
    }
}
