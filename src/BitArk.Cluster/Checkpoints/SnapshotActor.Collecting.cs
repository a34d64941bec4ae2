using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Partitions;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Checkpoints;

// Garbage: segments below the older kept snapshot. And the end: no thread of this actor may outlive it.
internal sealed partial class SnapshotActor
{
    private IActorRef? _halter;
    private string _ended = "the partition is stopping";

    private void OnCollect(SnapshotProtocol.Collect collect)
    {
        _collectors.Add(collect);
        CollectNow();
    }

    private void CollectNow()
    {
        var (attempt, store, status) = (++_attempt, _store, _status);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                return new SnapshotProtocol.Collected(attempt, Collect(store, status));
            }
            catch (Exception e)
            {
                return new SnapshotProtocol.CollectFailed(attempt, e);
            }
        }).PipeTo(Self);
        Become(Collecting);
    }

    private static CollectOutcome.Collected Collect(ReplicaStore store, PartitionStatus status)
    {
        // What this replica itself needs, and what the others still need of it.
        var floor = Lsn.Min(store.Snapshots.RetentionFloorAt(status.CommitLsn), status.RetainedFloor);
        var segments = store.Log.DeleteSegmentsBelow(floor);
        return new CollectOutcome.Collected(segments, segments * store.Log.Geometry.SegmentBytes);
    }

    private void OnCollected(SnapshotProtocol.Collected collected)
    {
        if (collected.Attempt != _attempt)
            return;

        Answer(collected.Outcome);
        Rest();
    }

    private void OnCollectFailed(SnapshotProtocol.CollectFailed failed)
    {
        if (failed.Attempt != _attempt)
            return;

        if (StorageFailure.IsFinal(failed.Cause))
        {
            Break($"old log segments could not be deleted: {failed.Cause.Message}");
            return;
        }

        _logger.Warning("Partition {0}: old log segments could not be deleted: {1}.", _status.Id, failed.Cause.Message);
        Answer(new CollectOutcome.Failed(failed.Cause.Message));
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
        End();
        (_halter ?? Sender).Tell(new SnapshotProtocol.Halted());
        _halter = null;
    }

    // Final. What was to be durable may not be, and trying again would find that it is: nothing more is written, and the partition ends.
    private void Break(string reason)
    {
        _ended = reason;
        Context.Parent.Tell(new PartitionProtocol.StorageFailed(reason));
        End();
        _halter?.Tell(new SnapshotProtocol.Halted());
        _halter = null;
    }

    private void End()
    {
        Timers.CancelAll();
        Answer(new SnapshotOutcome.Failed(_ended));
        Answer(new CollectOutcome.Failed(_ended));
        Become(Halted);
    }

    private void Halted()
    {
        Receive<SnapshotProtocol.Take>(take => take.Answer.TrySetResult(new SnapshotOutcome.Failed(_ended)));
        Receive<SnapshotProtocol.Collect>(collect => collect.Answer.TrySetResult(new CollectOutcome.Failed(_ended)));
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
