using BitArk.Cluster.Leases;
using BitArk.Cluster.Partitions;

namespace BitArk.Cluster.Routing;

/// <summary>
/// Takes a read to a replica that can answer it, and waits within the caller's deadline while there is none; one that must stay here is refused
/// then. Reads may be asked anew at will.
/// </summary>
internal sealed class ReadRouter(PartitionStatus status, RouteMemory routes)
{
    private int _turn = Environment.TickCount;

    /// <summary>The answer of the leader or, if <paramref name="fromLeader"/> is false, of any replica.</summary>
    /// <exception cref="ReadRefusedException">It was refused for good, or nobody could answer before the deadline.</exception>
    public async ValueTask<T> ReadAsync<T>(bool fromLeader, CallRoute route, Func<IPartitionReads, ValueTask<T>> look, CancellationToken deadline)
    {
        var pause = new RetryPause();
        ReadRefusal last = new ReadRefusal.NoLeader();
        while (!deadline.IsCancellationRequested)
        {
            var changed = status.Changed.Next;
            try
            {
                return fromLeader
                    ? await FromLeaderAsync(route, look, deadline).ConfigureAwait(false)
                    : await FromAnyAsync(route, look, deadline).ConfigureAwait(false);
            }
            catch (ReadRefusedException e) when (e.Refusal.IsPassing && !route.Stays)
            {
                last = e.Refusal;
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested)
            {
                break;
            }

            if (status.IsEnding || !await pause.TryWaitAsync(changed, deadline).ConfigureAwait(false))
                break;
        }

        throw new ReadRefusedException(last is ReadRefusal.Recovering or ReadRefusal.NoLeader ? last : new ReadRefusal.NoLeader());
    }

    private async ValueTask<T> FromLeaderAsync<T>(CallRoute route, Func<IPartitionReads, ValueTask<T>> look, CancellationToken deadline)
    {
        if (status.Phase is PartitionPhase.Serving && status.Replica is { } replica)
            return await FromOwnLeadershipAsync(replica.Reads, status.Gate, route, look, deadline).ConfigureAwait(false);

        if (route.Stays)
            throw new ReadRefusedException(new ReadRefusal.NotLeader(status.Leadership.Leader, status.Leadership.Epoch));

        var leader = routes.Leader;
        if (leader.Leader is not { } node || node.Name == status.Settings.NodeName)
            throw new ReadRefusedException(status.Phase is PartitionPhase.Recovering recovering ? new ReadRefusal.Recovering(recovering.Progress) : new ReadRefusal.NoLeader());

        try
        {
            var reads = status.Peers!.To(node).Reads(status.Id, fromLeader: true, route with { KnownEpoch = leader.Epoch }, deadline);
            return await look(reads).ConfigureAwait(false);
        }
        catch (ReadRefusedException e) when (e.Refusal.IsPassing)
        {
            routes.Forget(leader);
            if (e.Refusal is ReadRefusal.NotLeader elsewhere)
                routes.Heard(elsewhere.Leader, elsewhere.Epoch);
            else if (e.Refusal is ReadRefusal.WrongEpoch other)
                routes.Heard(other.Leader, other.Epoch);
            throw;
        }
    }

    // Look first: see LeaderGate.
    private async ValueTask<T> FromOwnLeadershipAsync<T>(PartitionReads reads, LeaderGate? gate, CallRoute route, Func<IPartitionReads, ValueTask<T>> look, CancellationToken deadline)
    {
        var answer = await HereAsync(reads, route, look, deadline).ConfigureAwait(false);
        if (gate is null || gate.IsHeld || await gate.ConfirmAsync(deadline).ConfigureAwait(false) == LeaseAnswer.Confirmed)
            return answer;

        throw new ReadRefusedException(LeasedReads.Unconfirmed());
    }

    // All that seem to be up are asked in turn, each time beginning with another one; then the others.
    private async ValueTask<T> FromAnyAsync<T>(CallRoute route, Func<IPartitionReads, ValueTask<T>> look, CancellationToken deadline)
    {
        if (status.Phase.IsReadable && status.Replica is { } replica)
            return await HereAsync(replica.Reads, route, look, deadline).ConfigureAwait(false);

        if (route.Stays)
            throw new ReadRefusedException(new ReadRefusal.NoLeader());

        ReadRefusal? refusal = null;
        foreach (var peer in Candidates())
        {
            try
            {
                return await look(peer.Reads(status.Id, fromLeader: false, route, deadline)).ConfigureAwait(false);
            }
            catch (ReadRefusedException e) when (e.Refusal.IsPassing || e.Refusal is ReadRefusal.StorageFailed)
            {
                refusal = e.Refusal is ReadRefusal.StorageFailed ? new ReadRefusal.NoLeader() : e.Refusal;
            }
        }

        throw new ReadRefusedException(refusal ?? new ReadRefusal.NoLeader());
    }

    private async ValueTask<T> HereAsync<T>(PartitionReads reads, CallRoute route, Func<IPartitionReads, ValueTask<T>> look, CancellationToken deadline)
    {
        if (route.Seen != default)
        {
            var isCovered = await reads.WaitForAsync(route.Seen, status.Settings.Reads.TokenWait, deadline).ConfigureAwait(false);

            // After the wait: a history that was cut meanwhile may reach as far without holding what the session has seen.
            if (status.History.HasCut(route.Seen))
                throw new ReadRefusedException(new ReadRefusal.TokenLost(route.Seen, reads.Position));
            if (!isCovered)
                throw new ReadRefusedException(new ReadRefusal.Behind(route.Seen, status.Leadership.Leader));
        }

        // It may be overtaken by the writer, and then waits for it.
        var looking = look(reads);
        return looking.IsCompletedSuccessfully ? looking.Result : await looking.AsTask().WaitAsync(deadline).ConfigureAwait(false);
    }

    private IEnumerable<IPeer> Candidates()
    {
        var others = status.ReplicaNodes.Where(node => node.Name != status.Settings.NodeName).Select(status.Peers!.To).ToArray();
        var turn = (int)((uint)Interlocked.Increment(ref _turn) % (uint)Math.Max(1, others.Length));
        return others[turn..].Concat(others[..turn]).OrderByDescending(peer => peer.IsUp);
    }
}
