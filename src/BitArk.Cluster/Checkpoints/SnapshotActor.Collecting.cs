using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Partitions;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Checkpoints;

// Garbage: segments below the older kept snapshot. And the end: no thread of this actor may outlive it.
internal sealed partial class SnapshotActor
{
    private IActorRef? _halter;

    private void OnCollect(SnapshotProtocol.Collect collect)
    {
        _collectors.Add(collect);
        CollectNow();
    }

    private void CollectNow()
    {
        var (attempt, store, status) = (++_attempt, _store, _status);
        _status.Jobs.Run<object>(() => new SnapshotProtocol.Collected(attempt, Collect(store, status))).PipeTo(Self);
        Become(Collecting);
    }

    private static CollectOutcome Collect(ReplicaStore store, PartitionStatus status)
    {
        try
        {
            // What this replica itself needs, and what the others still need of it.
            var floor = Lsn.Min(store.Snapshots.RetentionFloorAt(status.CommitLsn), status.RetainedFloor);
            var segments = store.Log.DeleteSegmentsBelow(floor);
            return new CollectOutcome.Collected(segments, segments * store.Log.Geometry.SegmentBytes);
        }
        catch (Exception e) when (e is IOException or WalFailedException)
        {
            return new CollectOutcome.Failed(e.Message);
        }
    }

    private void OnCollected(SnapshotProtocol.Collected collected)
    {
        if (collected.Attempt != _attempt)
            return;

        if (collected.Outcome is CollectOutcome.Failed failed)
            _logger.Warning("Partition {0}: old log segments could not be deleted: {1}.", _status.Id, failed.Reason);

        Answer(collected.Outcome);
        Rest();
    }

    // Who asked for a snapshot while garbage was collected gets one now.
    private void Rest()
    {
        if (_halter is not null)
            Halt();
        else if (_takers.Count > 0)
            Begin();
        else if (_collectors.Count > 0)
            CollectNow();
        else
            Become(Resting);
    }

    private void OnHaltWhileBusy(SnapshotProtocol.Halt halt)
    {
        _halter = Sender;
        _halting.Cancel();
    }

    private void Halt()
    {
        Timers.CancelAll();
        Answer(new SnapshotOutcome.Failed("the partition is stopping"));
        Answer(new CollectOutcome.Failed("the partition is stopping"));
        (_halter ?? Sender).Tell(new SnapshotProtocol.Halted());
        _halter = null;
        Become(Halted);
    }

    private void Halted()
    {
        Receive<SnapshotProtocol.Take>(take => take.Answer.TrySetResult(new SnapshotOutcome.Failed("the partition is stopping")));
        Receive<SnapshotProtocol.Collect>(collect => collect.Answer.TrySetResult(new CollectOutcome.Failed("the partition is stopping")));
        Receive<SnapshotProtocol.Tick>(_ => { });
        Receive<SnapshotProtocol.Halt>(_ => Sender.Tell(new SnapshotProtocol.Halted()));
        IgnoreFinished();
    }

    private void Answer(CollectOutcome outcome)
    {
        foreach (var collector in _collectors)
            collector.Answer.TrySetResult(outcome);

        _collectors.Clear();
    }
}
