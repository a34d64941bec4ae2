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

    /// <summary>Refuses a token of a history that is known to have been cut.</summary>
    public static void RefuseIfLost(IPartition partition, TokenEntry seen)
    {
        if (!partition.IsLost(Position(seen)))
            return;

        var end = partition.Positions;
        throw TokenErrors.Lost(partition.Id, Position(seen), new ReadPosition(end.Epoch, end.WrittenLsn)).ToException();
    }

    private static ReadPosition Position(TokenEntry seen) => new(seen.Epoch, seen.Lsn);

    private async ValueTask<IPartitionReads> WaitAsync(IPartition partition, TokenEntry seen, CancellationToken cancellation)
    {
        var reads = partition.Reads;
        try
        {
            if (await reads.WaitForAsync(Position(seen), tokenWait, cancellation).ConfigureAwait(false))
                return reads;
        }
        catch (OperationCanceledException)
        {
            // The caller's deadline came before the token's wait was over: the answer is the same.
        }

        throw TokenErrors.Behind(partition.Id, Position(seen), partition.Leadership.Leader).ToException();
    }
}
