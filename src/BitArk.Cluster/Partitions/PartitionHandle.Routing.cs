using System.Runtime.CompilerServices;
using BitArk.Cluster.Leases;
using BitArk.Cluster.Routing;
using BitArk.Replication;

namespace BitArk.Cluster.Partitions;

// Calls that this replica cannot answer by itself, and the positions that sessions bring.
internal sealed partial class PartitionHandle
{
    private WriteRouter? _writes;
    private ReadRouter? _reads;

    public ISnapshotSource? Snapshots => status.Snapshots;

    public IPartitionReads LeaderReads(in CallRoute route, CancellationToken deadline) =>
        !LeadsHere || status.Replica is not { } replica ? new RoutedReads(Reader, fromLeader: true, route, deadline)
        : status.Gate is { } gate ? new LeasedReads(replica.Reads, gate, Reader, route, deadline)
        : replica.Reads;

    public IPartitionReads ReplicaReads(in CallRoute route, CancellationToken deadline) =>
        status.Phase.IsReadable ? Reads : new RoutedReads(Reader, fromLeader: false, route, deadline);

    public bool IsLost(ReadPosition seen)
    {
        if (status.Replica is not { Store: var store })
            return false;

        var history = status.History;
        if (history.HasCut(seen))
            return true;

        // What memory has applied nearly always covers it; the rest is asked for only then.
        if (seen.Epoch <= history.Last && seen.Lsn <= store.State.LastAppliedLsn)
            return false;

        // A leader's log is the history: of epochs up to its own nothing lies beyond its end. A lone replica knows the newest epoch there is.
        return status.Leadership is { IsLocal: true } own && (seen.Epoch <= own.Epoch ? seen.Lsn > store.Log.WrittenLsn : !HasPeers);
    }

    private bool LeadsHere => status.Phase is PartitionPhase.Serving && status.Leadership.IsLocal;

    private WriteRouter Writer => _writes ??= new WriteRouter(status, _routes, WriteHereAsync);

    private ReadRouter Reader => _reads ??= new ReadRouter(status, _routes);

    // The leader may lose its leadership between the look at it and the append: only then is the way continued.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<WriteOutcome> WriteAnywhereAsync(WriteCommand command, CancellationToken cancellation)
    {
        if (LeadsHere)
        {
            var outcome = await WriteHereAsync(command, cancellation).ConfigureAwait(false);
            if (outcome is not (WriteOutcome.NotLeader or WriteOutcome.NoLeader))
                return outcome;
        }

        return await Writer.WriteAsync(command, cancellation).ConfigureAwait(false);
    }

    // What this replica answers to a route by itself; null when it leads in the epoch that the caller thinks of.
    private WriteOutcome? RefusalOf(in CallRoute route)
    {
        var leadership = status.Leadership;
        if (WriteScreen.RefusalIn(status.Phase, leadership) is { } refusal)
            return refusal;

        if (route.KnownEpoch != Epoch.None && route.KnownEpoch != leadership.Epoch)
            return new WriteOutcome.WrongEpoch(leadership.Leader, leadership.Epoch);

        // Nobody has confirmed this leadership for a while: what is appended now may wait for ever, or be cut.
        if (status.Gate is { IsHeld: false } && (status.Settings.CommitRule == CommitRule.Quorum || status.Settings.Replication.RequireLease))
            return new WriteOutcome.NoLeader();

        if (route.Seen == default || !IsLost(route.Seen) || status.Replica is not { Store: var store })
            return null;

        return new WriteOutcome.TokenLost(route.Seen, new ReadPosition(leadership.Epoch, store.Log.WrittenLsn));
    }
}
