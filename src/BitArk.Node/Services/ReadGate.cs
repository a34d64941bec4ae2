using BitArk.Cluster;
using BitArk.Protocol;
using BitArk.Protocol.V1;

namespace BitArk.Node.Services;

/// <summary>
/// Opens a partition's memory for a read once the consistency asked for holds. Where this node's own memory will do and
/// there is no token, that means: at once, with nothing allocated.
/// <list type="bullet">
/// <item>LEADER: the leader's memory, here or there.</item>
/// <item>TOKEN: this replica's, once it has applied what the session has seen; where there is none to read, another's.</item>
/// <item>ANY: this replica's as it is; where there is none to read, another's.</item>
/// </list>
/// </summary>
internal sealed class ReadGate(IReadStatusNode node, TimeSpan tokenWait)
{
    /// <summary>The memory of a partition that covers what the session has seen of it.</summary>
    /// <exception cref="Grpc.Core.RpcException">What keeps it from being read here, if the call may not travel.</exception>
    public ValueTask<IPartitionReads> OpenAsync(PartitionId id, Consistency consistency, SessionToken? token, in CallRoute route, CancellationToken cancellation)
    {
        var partition = node.Partitions[id.Value];
        var entry = default(TokenEntry);
        var hasSeen = token is not null && consistency != Consistency.Any && token.TryFind(id, out entry);
        // Also what this node begins to answer may have to be asked elsewhere, when its leadership ends meanwhile.
        var travelling = hasSeen ? route with { Seen = Position(entry) } : route;
        if (RefusalHere(partition, consistency, route) is { } error)
        {
            if (route.Stays || !partition.HasPeers || IsEnding(partition.Phase))
                throw error.ToException();

            return new(consistency == Consistency.Leader ? partition.LeaderReads(travelling, cancellation) : partition.ReplicaReads(travelling, cancellation));
        }

        var reads = consistency == Consistency.Leader ? partition.LeaderReads(travelling, cancellation) : partition.Reads;
        if (!hasSeen)
            return new ValueTask<IPartitionReads>(reads);

        RefuseIfLost(partition, entry);
        return WaitAsync(partition, reads, entry, cancellation);
    }

    // Null: this node's own memory answers.
    private static ReadStatusError? RefusalHere(IPartition partition, Consistency consistency, in CallRoute route)
    {
        var (phase, leadership) = (partition.Phase, partition.Leadership);
        if (consistency == Consistency.Leader && !IsEnding(phase) && leadership is { Leader: not null, IsLocal: false })
            return PhaseErrors.NotLeader(partition.Id, leadership);
        if (PhaseErrors.From(phase, partition.Id) is { } error)
            return error;
        if (consistency != Consistency.Leader)
            return null;
        if (phase is not PartitionPhase.Serving || !leadership.IsLocal)
            return PhaseErrors.NotLeader(partition.Id, leadership);

        return route.KnownEpoch == Epoch.None || route.KnownEpoch == leadership.Epoch
            ? null
            : throw PhaseErrors.NotLeader(partition.Id, leadership, wrongEpoch: true).ToException();
    }

    private static bool IsEnding(PartitionPhase phase) => phase is PartitionPhase.Failed or PartitionPhase.Stopping;

    /// <summary>Refuses a token of a history that is known to have been cut.</summary>
    public static void RefuseIfLost(IPartition partition, TokenEntry seen)
    {
        if (!partition.IsLost(Position(seen)))
            return;

        var end = partition.Positions;
        throw TokenErrors.Lost(partition.Id, Position(seen), new ReadPosition(end.Epoch, end.WrittenLsn)).ToException();
    }

    private static ReadPosition Position(TokenEntry seen) => new(seen.Epoch, seen.Lsn);

    private async ValueTask<IPartitionReads> WaitAsync(IPartition partition, IPartitionReads reads, TokenEntry seen, CancellationToken cancellation)
    {
        var isCovered = false;
        try
        {
            isCovered = await reads.WaitForAsync(Position(seen), tokenWait, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller's deadline came before the token's wait was over: the answer is the same.
        }

        // Its history may have been cut meanwhile: a later epoch then reaches as far without holding what the session has seen.
        RefuseIfLost(partition, seen);
        if (isCovered)
            return reads;

        throw TokenErrors.Behind(partition.Id, Position(seen), partition.Leadership.Leader).ToException();
    }
}
