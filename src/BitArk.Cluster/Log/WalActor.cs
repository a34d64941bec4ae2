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
/// <item>A batch leaves for the BitmapActor, and a follower's bytes count as written, only after their fdatasync returned 0.</item>
/// <item>Nothing of an epoch below the fence is appended; clients' writes are taken only in the epoch this replica leads.</item>
/// <item>Any failure of a write or sync is final: what was in the batch is unknown, what comes later was never written.</item>
/// <item>Order is arrival order: who waits for a segment holds back everybody behind.</item>
/// </list>
/// </summary>
internal sealed partial class WalActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    private readonly PartitionStatus _status;
    private readonly WriteAheadLog _log;
    private readonly IActorRef _bitmap;
    private readonly BatchPool _batches;
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private WrittenBatch _batch;
    private bool _flushQueued;

    public WalActor(PartitionStatus status, WalAccess access, IActorRef bitmap, BatchPool batches)
    {
        _status = status;
        _log = access.Log;
        _fence = access.Promised;
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
        Receive<WalProtocol.AppendShipped>(OnShipped);
        Receive<WalProtocol.Flush>(OnFlush);
        Receive<WalProtocol.SpareMade>(OnSpareMade);
        Receive<WalProtocol.SpareFailed>(OnSpareFailed);
        Receive<WalProtocol.Tick>(OnTick);
        Receive<WalProtocol.Tidied>(OnTidied);
        Receive<WalProtocol.TidyFailed>(OnTidyFailed);
        Receive<WalProtocol.Fence>(OnFence);
        Receive<WalProtocol.Lead>(OnLead);
        Receive<WalProtocol.LeadOn>(OnLeadOn);
        Receive<WalProtocol.Truncate>(OnTruncate);
        Receive<WalProtocol.Fail>(fail => Break(fail.Reason));
        Receive<WalProtocol.Close>(OnClose);
    }

    private void OnWrite(PendingWrite write)
    {
        // The handle looked at the leadership before it sent this; a promise may have come in between.
        if (!_leads)
            End(write, new WriteOutcome.NoLeader());
        else if (_waiting.Count > 0 || !TryAppend(write))
            WaitForSegment(write);
    }

    // False: it was not taken, because the log has no room before the next segment exists, or has just failed. Whoever holds the
    // write ends it: after a failure those who wait have been ended already.
    private bool TryAppend(PendingWrite write)
    {
        while (!IsBroken)
        {
            switch (_log.TryAppend(_fence, write.Type, flags: 0, write.Payload, out var start, out var end))
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

        var start = _log.WrittenLsn;
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

        // Durable on this replica's disk: followers may have it, and the quorum counts it.
        if (_leads)
            HandOver(start);
        else
            ReportShipped();

        AskForSpare();
    }

    private void HandOver(Lsn start)
    {
        _batch.Start = start;
        _batch.End = _log.WrittenLsn;
        _bitmap.Tell(_batch, ActorRefs.NoSender);
        _batch = _batches.Rent();
        _status.Feed.Nudge();
    }

    private void End(PendingWrite write, WriteOutcome outcome)
    {
        _status.Admission.Leave(write.ChargedBytes);
        write.Refuse(outcome);
    }
}
