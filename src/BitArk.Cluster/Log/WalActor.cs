using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

/// <summary>
/// The single writer of one partition's log, on a thread of its own. Writes gather in a batch; the <see cref="WalProtocol.Flush"/>
/// that the first one sends arrives behind everything queued meanwhile, and then one write and one fdatasync make the lot
/// durable. While the disk works, the next batch gathers in the mailbox.
/// <list type="bullet">
/// <item>A batch leaves for the BitmapActor only after its fdatasync returned 0: nothing is acknowledged before.</item>
/// <item>Any failure of a write or sync is final: what was in the batch is unknown, what comes later was never written.</item>
/// <item>Order is arrival order: who waits for a segment holds back everybody behind.</item>
/// </list>
/// </summary>
internal sealed partial class WalActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    private readonly PartitionStatus _status;
    private readonly WriteAheadLog _log;
    private readonly Epoch _epoch;
    private readonly IActorRef _bitmap;
    private readonly BatchPool _batches;
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private CommittedBatch _batch;
    private bool _flushQueued;

    public WalActor(PartitionStatus status, WalAccess access, IActorRef bitmap, BatchPool batches)
    {
        _status = status;
        _log = access.Log;
        _epoch = access.Epoch;
        _freeBytes = access.FreeBytes;
        _bitmap = bitmap;
        _batches = batches;
        _batch = batches.Rent();
        _space = new DiskSpace(status.Settings.Wal.DiskFloorBytes);
        Appending();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, WalAccess access, IActorRef bitmap, BatchPool batches) =>
        Akka.Actor.Props.Create(() => new WalActor(status, access, bitmap, batches)).WithDispatcher("bitark.dispatchers.wal");

    protected override void PreStart()
    {
        _space.Observe(_freeBytes());
        AskForSpare();
        OnWrite(EpochStart());
        Timers.StartPeriodicTimer("tick", WalProtocol.Tick.Instance, TickInterval);
    }

    // Stopped without a close, nobody else would answer these.
    protected override void PostStop()
    {
        EndAll(_batch.Writes, static () => new WriteOutcome.OutcomeUnknown(Stopped));
        EndAll(_waiting, static () => new WriteOutcome.StorageFailed(Stopped));
        _waiting.Clear();
        _batches.Return(_batch);
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

    private void Appending()
    {
        Receive<PendingWrite>(OnWrite);
        Receive<WalProtocol.Flush>(OnFlush);
        Receive<WalProtocol.SpareMade>(OnSpareMade);
        Receive<WalProtocol.SpareFailed>(OnSpareFailed);
        Receive<WalProtocol.Tick>(OnTick);
        Receive<WalProtocol.Tidied>(OnTidied);
        Receive<WalProtocol.TidyFailed>(OnTidyFailed);
        Receive<WalProtocol.Fence>(fence => Break(fence.Reason));
        Receive<WalProtocol.Close>(OnClose);
    }

    private void OnWrite(PendingWrite write)
    {
        if (_waiting.Count > 0 || !TryAppend(write))
            WaitForSegment(write);
    }

    // False: it was not taken, because the log has no room before the next segment exists, or has just failed. Whoever holds the
    // write ends it: after a failure those who wait have been ended already.
    private bool TryAppend(PendingWrite write)
    {
        while (!IsBroken)
        {
            switch (_log.TryAppend(_epoch, write.Type, flags: 0, write.Payload, out var start, out var end))
            {
                case AppendOutcome.Appended:
                    write.Appended(start, end);
                    _batch.Writes.Add(write);
                    QueueFlush();
                    return true;
                case AppendOutcome.FlushFirst:
                    FlushNow();
                    continue;
                case AppendOutcome.NoSpace:
                    return false;
                case AppendOutcome.TooLarge:
                    End(write, new WriteOutcome.TooLarge(write.PayloadBytes, _log.Geometry.MaxPayloadBytes));
                    return true;
            }
        }

        return false;
    }

    private void QueueFlush()
    {
        if (_flushQueued)
            return;

        _flushQueued = true;
        Self.Tell(WalProtocol.Flush.Instance, ActorRefs.NoSender);
    }

    private void OnFlush(WalProtocol.Flush flush)
    {
        _flushQueued = false;
        FlushNow();
    }

    private void FlushNow()
    {
        if (IsBroken || _log.PendingBytes == 0)
            return;

        try
        {
            _status.FlushBegins();
            _log.Flush();
        }
        catch (Exception e)
        {
            Break(e.Message);
            return;
        }
        finally
        {
            _status.FlushEnded();
        }

        // The batch is durable on this replica's disk; a lone replica is its own quorum, so it is committed too.
        _batch.CommitLsn = _log.WrittenLsn;
        _bitmap.Tell(_batch, ActorRefs.NoSender);
        _batch = _batches.Rent();
        AskForSpare();
    }

    private void End(PendingWrite write, WriteOutcome outcome)
    {
        _status.Admission.Leave(write.ChargedBytes);
        write.Refuse(outcome);
    }

    private PendingWrite EpochStart()
    {
        var write = _status.Pool.Rent();
        var bytes = new EpochStartPayload(_status.Settings.NodeName).Write(write.PayloadBuffer(EpochStartPayload.MaxSize));
        write.Begin(RecordType.EpochStart, bytes, operations: 0);
        write.ChargedBytes = 0;
        return write;
    }
}
