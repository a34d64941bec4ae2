using Akka.Actor;
using BitArk.Cluster.Partitions;
using BitArk.Cluster.Writes;

namespace BitArk.Cluster.Log;

// How it ends: closed after a last flush, or broken for good. In both states it stays to answer who was already on the way.
internal sealed partial class WalActor
{
    private const string Stopped = "the log was stopped";

    private string _broken = "";

    private IActorRef _closer = ActorRefs.Nobody;

    private bool IsBroken => _broken.Length > 0;

    private void OnClose(WalProtocol.Close close)
    {
        FlushNow();
        if (IsBroken)
            return;

        EndAll(_waiting, static () => new WriteOutcome.NoLeader());
        _waiting.Clear();
        Timers.CancelAll();
        if (!Guarded(() => _log.WriteMark(SafeLsn)))
            return;

        _closer = Sender;
        Become(Closing);
        AnswerWhenIdle();
    }

    private void Closing()
    {
        Receive<PendingWrite>(write => End(write, new WriteOutcome.NoLeader()));
        Receive<WalProtocol.SpareMade>(OnSpareMadeAtLast);
        Receive<WalProtocol.SpareFailed>(_ => OnSpareEnded());
        Receive<WalProtocol.Tidied>(_ => OnTidyEnded());
        Receive<WalProtocol.TidyFailed>(_ => OnTidyEnded());
        IgnoreUpkeep();
    }

    private void OnSpareMadeAtLast(WalProtocol.SpareMade made)
    {
        Guarded(() => _log.OfferSpare(made.Segment));
        OnSpareEnded();
    }

    private void OnSpareEnded()
    {
        _spareUnderWay = false;
        AnswerWhenIdle();
    }

    private void OnTidyEnded()
    {
        _tidyUnderWay = false;
        AnswerWhenIdle();
    }

    // The directory may be opened again right after: nothing may still be writing in it.
    private void AnswerWhenIdle()
    {
        if (!_spareUnderWay && !_tidyUnderWay && !IsBroken)
            _closer.Tell(new WalProtocol.Closed(_log.WrittenLsn));
    }

    private void Broken()
    {
        Receive<PendingWrite>(write => End(write, new WriteOutcome.StorageFailed(_broken)));
        Receive<WalProtocol.SpareMade>(made => made.Segment.Dispose());
        Receive<WalProtocol.SpareFailed>(_ => { });
        Receive<WalProtocol.Tidied>(_ => { });
        Receive<WalProtocol.TidyFailed>(_ => { });
        IgnoreUpkeep();
    }

    private void IgnoreUpkeep()
    {
        Receive<WalProtocol.Flush>(_ => { });
        Receive<WalProtocol.Tick>(_ => { });
        Receive<WalProtocol.Fence>(_ => { });
        Receive<WalProtocol.Lead>(_ => { });
        Receive<WalProtocol.LeadOn>(_ => { });
        Receive<WalProtocol.AppendShipped>(_ => { });
        Receive<WalProtocol.Truncate>(_ => { });
        Receive<WalProtocol.Fail>(_ => { });
        Receive<WalProtocol.Close>(_ => { });
    }

    private bool Guarded(Action io)
    {
        try
        {
            io();
            return true;
        }
        catch (Exception e)
        {
            Break(e.Message);
            return false;
        }
    }

    // Final. What was appended may or may not survive: the page cache may have dropped it, or the next start may find it.
    private void Break(string reason)
    {
        if (IsBroken)
            return;

        _broken = reason;
        EndAll(_batch.Writes, () => new WriteOutcome.OutcomeUnknown(reason));
        _batch.Writes.Clear();
        EndAll(_waiting, () => new WriteOutcome.StorageFailed(reason));
        _waiting.Clear();
        Timers.CancelAll();
        Become(Broken);
        Context.Parent.Tell(new PartitionProtocol.StorageFailed(reason));
    }

    private void EndAll(IEnumerable<PendingWrite> writes, Func<WriteOutcome> outcome)
    {
        foreach (var write in writes)
            End(write, outcome());
    }
}
