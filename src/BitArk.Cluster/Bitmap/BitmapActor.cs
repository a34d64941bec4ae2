using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Bitmap;

/// <summary>
/// The single writer of one partition's memory, on a thread of its own: applies committed batches in log order, publishes
/// the positions, and completes the callers. Memory is what applying the log gives, so it applies the very bytes that are
/// in the log, as recovery does. Anyone else reads the memory without asking it.
/// </summary>
internal sealed partial class BitmapActor : ReceiveActor, IWithTimers
{
    private readonly PartitionStatus _status;
    private readonly PartitionState _state;
    private readonly Epoch _epoch;
    private readonly BatchPool _batches;
    private MarkOperation[] _operations = new MarkOperation[256];
    private long _reportedBytes;
    private string _broken = "";

    public BitmapActor(PartitionStatus status, PartitionState state, Epoch epoch, BatchPool batches)
    {
        _status = status;
        _state = state;
        _epoch = epoch;
        _batches = batches;
        Applying();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, PartitionState state, Epoch epoch, BatchPool batches) =>
        Akka.Actor.Props.Create(() => new BitmapActor(status, state, epoch, batches)).WithDispatcher("bitark.dispatchers.bitmap");

    protected override void PreStart() => ReportMemory();

    protected override void PostStop()
    {
        _capture?.Abort();
        RefuseDigests("the partition was stopped");
        _status.Memory.Report(_reportedBytes, 0);
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
        Receive<CommittedBatch>(OnBatch);
        Receive<BitmapProtocol.CopyMore>(_ => OnCopyMore());
        Receive<BitmapProtocol.Overtaken>(read => read.Answer(_state));
        Receive<BitmapProtocol.DigestAt>(OnDigest);
        Receive<BitmapProtocol.BeginSnapshot>(OnBeginSnapshot);
        Receive<BitmapProtocol.Drain>(OnDrain);
    }

    private void Broken()
    {
        Receive<CommittedBatch>(RefuseFrom);
        Receive<BitmapProtocol.CopyMore>(_ => { });
        Receive<BitmapProtocol.Overtaken>(read => read.Fail(_broken));
        Receive<BitmapProtocol.DigestAt>(digest => digest.Answer.TrySetResult(new DigestOutcome.Unavailable(_broken)));
        Receive<BitmapProtocol.BeginSnapshot>(begin => Sender.Tell(new BitmapProtocol.SnapshotRefused(begin.Attempt, _broken)));
        Receive<BitmapProtocol.Drain>(_ => { });
    }

    private void OnBatch(CommittedBatch batch)
    {
        var applied = 0;
        try
        {
            _state.BeginBatch(batch.CommitLsn);
            for (; applied < batch.Writes.Count; applied++)
            {
                Apply(batch.Writes[applied]);
                AnswerDigests();
            }

            // A pad behind the last record belongs to the batch, too.
            if (_state.LastAppliedLsn < batch.CommitLsn)
                _state.SkipTo(batch.CommitLsn);
        }
        catch (Exception e)
        {
            Break($"applying the log failed at {_state.LastAppliedLsn}: {e.Message}");
            batch.Writes.RemoveRange(0, applied);
            RefuseFrom(batch);
            return;
        }

        _status.Waiters.Applied(batch.CommitLsn);
        _batches.Return(batch);
        ReportMemory();
        CopySome(CopiedPerBatchBytes);
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

        // Durable by the WalActor's fdatasync, committed as this replica is its own quorum, and applied above: acknowledged here.
        if (SessionAnswers.ToOutcome(result) is { } refusal)
            write.Refuse(refusal);
        else
            write.Commit(_epoch);
    }

    private void OnDrain(BitmapProtocol.Drain drain) => Sender.Tell(new BitmapProtocol.Drained(_state.LastAppliedLsn));

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
        RefuseDigests(reason);
        Become(Broken);
        Context.Parent.Tell(new PartitionProtocol.StorageFailed(_broken));
    }

    private void RefuseFrom(CommittedBatch batch)
    {
        foreach (var write in batch.Writes)
        {
            End(write);
            write.Refuse(new WriteOutcome.OutcomeUnknown($"the write is durable, but {_broken}"));
        }

        _batches.Return(batch);
    }
}
