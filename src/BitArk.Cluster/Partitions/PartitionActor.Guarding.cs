using Akka.Actor;
using BitArk.Cluster.Guards;
using BitArk.Replication.Follower;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

// The guard of one of several replicas: it starts beside the opening, and nothing is promised, voted or served before its
// journal and the replica's own mark agree on what was promised.
internal sealed partial class PartitionActor
{
    private IActorRef _guard = ActorRefs.Nobody;
    private string? _lostPromises;
    private EpochPromise _agreed = EpochPromise.None;

    private void StartGuard(bool isAnew)
    {
        var journal = _environment.Guards ?? throw new InvalidOperationException("One of several replicas needs a journal for its promises.");
        _guard = Context.ActorOf(
            EpochGuardActor.Props(journal, _environment.Directory.Meta.ClusterId, _status.Id, isAnew), isAnew ? $"guard-{_attempt}" : "guard");
    }

    // Events that could not be read are replaced once the replica they were of is repaired; one that stayed goes on.
    private void ReplaceGuard()
    {
        if (_lostPromises is null)
            return;

        _lostPromises = null;
        StartGuard(isAnew: true);
    }

    private void BecomeAgreeing()
    {
        // Whoever could hold a forgotten promise against it is lost, too, if it is the one copy that is left.
        if (IsAlone)
            ReplaceGuard();
        if (_lostPromises is { } reason)
        {
            BecomeForgetful(reason);
            return;
        }

        if (!IsShown)
            _status.Phase = new PartitionPhase.Recovering(1, "reading what it has promised");
        Become(Agreeing);
        _guard.Tell(new GuardProtocol.Recall(_attempt));
    }

    private void Agreeing()
    {
        Receive<GuardProtocol.Recovered>(OnGuardRecovered);
        Receive<GuardProtocol.Promised>(OnAgreedInJournal);
        Receive<GuardProtocol.Failed>(OnGuardFailedAtStart);
        Receive<PartitionProtocol.PromiseWritten>(OnAgreed);
        Receive<PartitionProtocol.PromiseFailed>(failed => Fail($"what was promised could not be made durable: {failed.Cause.Message}"));
        Receive<PartitionProtocol.StorageFailed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.Stop>(OnStopWhileAgreeing);
        IgnoreReplicas();
    }

    private void OnGuardRecovered(GuardProtocol.Recovered recovered)
    {
        if (recovered.Attempt != _attempt)
            return;

        var store = _store!;
        var journal = recovered.Promise is { } promise ? new GuardedPromise(promise.Epoch, promise.Proposer) : (GuardedPromise?)null;
        var mark = new GuardedPromise(store.Promised.Epoch, store.Promised.Proposer);
        switch (GuardRules.AtStart(new GuardView(mark, journal, store.Log.LastEpoch, store.IsGuarded, store.IsRejoining, IsAlone)))
        {
            case GuardDecision.Damaged damaged:
                BecomeForgetful(damaged.Reason);
                break;
            case GuardDecision.Keep { Promise.Epoch: var epoch } when epoch == Epoch.None:
                StartReplica();
                break;
            case GuardDecision.Keep keep:
                _agreed = new EpochPromise(keep.Promise.Epoch, keep.Promise.Proposer);
                _guard.Tell(new GuardProtocol.Promise(_attempt, _agreed.Epoch, _agreed.Proposer));
                break;
        }
    }

    // In the same order as a new promise.
    private void OnAgreedInJournal(GuardProtocol.Promised promised)
    {
        if (promised.Attempt != _attempt)
            return;

        var (attempt, store, agreed) = (_attempt, _store!, _agreed);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                store.RecordGuard();
                store.AgreeOn(agreed);
                return new PartitionProtocol.PromiseWritten(attempt);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.PromiseFailed(attempt, e);
            }
        }).PipeTo(Self);
    }

    private void OnAgreed(PartitionProtocol.PromiseWritten written)
    {
        if (written.Attempt == _attempt)
            StartReplica();
    }

    private void OnGuardFailedAtStart(GuardProtocol.Failed failed)
    {
        if (!failed.IsDamage)
        {
            Fail(failed.Reason);
            return;
        }

        _guard = ActorRefs.Nobody;
        _lostPromises = failed.Reason;
        if (_store is not null)
            BecomeAgreeing();
    }

    private void BecomeForgetful(string reason)
    {
        var store = _store!;
        _store = null;
        if (IsShown)
        {
            store.Log.Dispose();
            _status.Withdraw();
        }
        else
        {
            store.Dispose();
        }

        BecomeDamaged(reason);
    }

    private void OnStopWhileAgreeing(PartitionProtocol.Stop stop)
    {
        NoteStop(stop);
        CloseChildren();
    }

    // What it answers when nobody waits any more: the next opening asks again.
    private void IgnoreGuard()
    {
        Receive<GuardProtocol.Promised>(_ => { });
        Receive<GuardProtocol.Recovered>(_ => { });
    }
}
