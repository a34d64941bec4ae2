using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Log;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Bitmap;

/// <summary>
/// The single writer of one partition's memory, on a thread of its own: applies what is committed in log order, publishes
/// the positions, and completes the callers. Memory is what applying the log gives, so it applies the very bytes that are
/// in the log, as recovery does. Anyone else reads the memory without asking it.
/// <code>
/// leader:    a write waits here from its fsync until the commit rule covers it, then it is applied and answered
/// follower:  nothing waits here: what is committed is read back from the log, from memory or from its files
/// </code>
/// </summary>
internal sealed partial class BitmapActor : ReceiveActor, IWithTimers
{
    private readonly PartitionStatus _status;
    private readonly PartitionState _state;
    private readonly IDisposable _memory;
    private readonly BatchPool _batches;
    private MarkOperation[] _operations = new MarkOperation[256];
    private long _reportedBytes;
    private string _broken = "";

    public BitmapActor(PartitionStatus status, ReplicaStore store, BatchPool batches)
    {
        _status = status;
        _state = store.State;

        // Whoever disposes of the replica does not see whether this thread is in the middle of a record.
        _memory = _state.Hold();
        _log = store.Log.OpenReader();
        _epochs = store.Log.Epochs;
        _retries = new ReadRetries(status, Context.GetLogger());
        _batches = batches;
        Applying();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, ReplicaStore store, BatchPool batches) =>
        Akka.Actor.Props.Create(() => new BitmapActor(status, store, batches)).WithDispatcher("bitark.dispatchers.bitmap");

    protected override void PreStart() => ReportMemory();

    protected override void PostStop()
    {
        _capture?.Abort();
        _log.Dispose();
        RefuseQueued(Stopped);
        RefuseDigests("the partition was stopped");
        _status.Memory.Report(_reportedBytes, 0);
        _memory.Dispose();
    }

    // Stays, to answer: who is stopped by its parent leaves its mailbox unanswered.
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception e)
        {
            Break($"unexpected: {e.Message}");
            return true;
        }
    }

    private void Applying()
    {
        Receive<WrittenBatch>(OnBatch);
        Receive<BitmapProtocol.Acked>(OnAcked);
        Receive<BitmapProtocol.ApplyUpTo>(OnApplyUpTo);
        Receive<BitmapProtocol.ApplyMore>(_ => OnApplyMore());
        Receive<BitmapProtocol.HoldAt>(OnHoldAt);
        Receive<BitmapProtocol.Lead>(OnLead);
        Receive<BitmapProtocol.StepDown>(OnStepDown);
        Receive<BitmapProtocol.CopyMore>(_ => OnCopyMore());
        Receive<BitmapProtocol.Overtaken>(read => read.Answer(_state));
        Receive<BitmapProtocol.DigestAt>(OnDigest);
        Receive<BitmapProtocol.BeginSnapshot>(OnBeginSnapshot);
        Receive<BitmapProtocol.Drain>(OnDrain);
    }

    private void Broken()
    {
        Receive<WrittenBatch>(batch => RefuseFrom(batch, 0, Lost()));
        Receive<BitmapProtocol.CopyMore>(_ => { });
        Receive<BitmapProtocol.Acked>(_ => { });
        Receive<BitmapProtocol.ApplyUpTo>(_ => { });
        Receive<BitmapProtocol.ApplyMore>(_ => { });
        Receive<BitmapProtocol.HoldAt>(_ => { });
        Receive<BitmapProtocol.Lead>(_ => { });
        Receive<BitmapProtocol.StepDown>(_ => { });
        Receive<BitmapProtocol.Overtaken>(read => read.Fail(_broken));
        Receive<BitmapProtocol.DigestAt>(digest => digest.Answer.TrySetResult(new DigestOutcome.Unavailable(_broken)));
        Receive<BitmapProtocol.BeginSnapshot>(begin => Sender.Tell(new BitmapProtocol.SnapshotRefused(begin.Attempt, _broken)));
        Receive<BitmapProtocol.Drain>(_ => { });
    }

    private void Apply(PendingWrite write)
    {
        if (write.Type == RecordType.EpochStart)
        {
            _state.ApplyEpochStart(write.Start, write.End, _epoch);
            Context.Parent.Tell(new BitmapProtocol.EpochBegun(_epoch, write.End));
            End(write);
            write.Commit(_epoch);
            return;
        }

        if (!MarksPayload.TryRead(write.Payload, ref _operations, out var header, out var reason))
            throw new InvalidOperationException($"The record at {write.Start} cannot be applied: {reason}.");

        var result = _state.Apply(write.End, _operations.AsSpan(0, header.Count), header.Session, header.Sequence, write.Changed);
        End(write);

        // Durable by the WalActor's fdatasync, committed by the commit rule, and applied above: acknowledged here.
        if (SessionAnswers.ToOutcome(result) is { } refusal)
            write.Refuse(refusal);
        else
            write.Commit(_epoch);
    }

    private void OnDrain(BitmapProtocol.Drain drain)
    {
        RefuseQueued(Stopped);
        Sender.Tell(new BitmapProtocol.Drained(_state.LastAppliedLsn));
    }

    private static WriteOutcome Stopped() => new WriteOutcome.OutcomeUnknown("the replica stopped before the write was known to be committed");

    private void End(PendingWrite write) => _status.Admission.Leave(write.ChargedBytes);

    private void ReportMemory()
    {
        var now = _state.Tables.MemoryBytes;
        _status.Memory.Report(_reportedBytes, now);
        _reportedBytes = now;
    }

    // Memory no longer follows the log: only a restart, which replays it, may serve again.
    private void Break(string reason)
    {
        _broken = reason;
        _capture?.Abort();
        RefuseQueued(Lost());
        RefuseDigests(reason);
        Become(Broken);
        Context.Parent.Tell(new PartitionProtocol.StorageFailed(_broken));
    }

    private Func<WriteOutcome> Lost() => () => new WriteOutcome.OutcomeUnknown($"the write is durable, but {_broken}");

    private void RefuseFrom(WrittenBatch batch, int first, Func<WriteOutcome> outcome)
    {
        for (var i = first; i < batch.Writes.Count; i++)
        {
            End(batch.Writes[i]);
            batch.Writes[i].Refuse(outcome());
        }

        _batches.Return(batch);
    }
}
