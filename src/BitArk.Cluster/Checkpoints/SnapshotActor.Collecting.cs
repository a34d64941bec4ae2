using Akka.Actor;
using Akka.Event;
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
        var (attempt, store) = (++_attempt, _store);
        Background.Run<object>(() => new SnapshotProtocol.Collected(attempt, Collect(store))).PipeTo(Self);
        Become(Collecting);
    }

    private static CollectOutcome Collect(ReplicaStore store)
    {
        try
        {
            // What a lone replica has written is committed.
            var segments = store.Log.DeleteSegmentsBelow(store.Snapshots.RetentionFloorAt(store.Log.WrittenLsn));
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
