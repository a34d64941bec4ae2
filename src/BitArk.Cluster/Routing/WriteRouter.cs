using BitArk.Cluster.Partitions;

namespace BitArk.Cluster.Routing;

/// <summary>
/// Takes a write to the leader, wherever that is, and waits within the caller's deadline while there is none. It is sent
/// again only when it certainly reached no log: anything that may have been appended is answered as it is.
/// </summary>
internal sealed class WriteRouter(PartitionStatus status, RouteMemory routes, Func<WriteCommand, CancellationToken, ValueTask<WriteOutcome>> writeHere)
{
    /// <summary>The outcome at the leader; what kept it from being written when the deadline passes first.</summary>
    public async ValueTask<WriteOutcome> WriteAsync(WriteCommand command, CancellationToken deadline)
    {
        var pause = new RetryPause();
        while (true)
        {
            var changed = status.Changed.Next;
            var leader = routes.Leader;
            var outcome = await AttemptAsync(command, leader, deadline).ConfigureAwait(false);
            if (!IsPassing(outcome))
                return outcome;

            Learn(outcome, leader);
            if (status.IsEnding || !await pause.TryWaitAsync(changed, deadline).ConfigureAwait(false))
                return status.Phase is PartitionPhase.Recovering recovering ? new WriteOutcome.Recovering(recovering.Progress) : new WriteOutcome.NoLeader();
        }
    }

    private ValueTask<WriteOutcome> AttemptAsync(WriteCommand command, Leadership leader, CancellationToken deadline)
    {
        if (deadline.IsCancellationRequested)
            return new(new WriteOutcome.NoLeader());

        if (leader.Leader is not { } node || leader.IsLocal || node.Name == status.Settings.NodeName)
            return writeHere(command, deadline);

        return status.Peers!.To(node).WriteAsync(status.Id, command with { Route = command.Route with { KnownEpoch = leader.Epoch } }, deadline);
    }

    private void Learn(WriteOutcome outcome, Leadership leader)
    {
        routes.Forget(leader);
        if (outcome is WriteOutcome.NotLeader elsewhere)
            routes.Heard(elsewhere.Leader, elsewhere.Epoch);
        else if (outcome is WriteOutcome.WrongEpoch other)
            routes.Heard(other.Leader, other.Epoch);
    }

    private static bool IsPassing(WriteOutcome outcome) =>
        outcome is WriteOutcome.NoLeader or WriteOutcome.NotLeader or WriteOutcome.WrongEpoch or WriteOutcome.Recovering;
}
