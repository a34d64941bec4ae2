using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Log;
using BitArk.Cluster.Replication;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Partitions;

// Promises. The order is the safety: first durable in the guard's journal, then in the replica's mark, then the log fenced,
// then this replica's own leadership ended, and only then the answer.
internal sealed partial class PartitionActor
{
    private Promising? _promising;

    /// <summary>A promise under way: one at a time, later requests wait for their senders to repeat them.</summary>
    /// <param name="Attempt">Which.</param>
    /// <param name="Epoch">What is promised.</param>
    /// <param name="Proposer">To whom; empty when it was heard from elsewhere.</param>
    /// <param name="IsNew">It was not promised before, so what goes on here ends.</param>
    /// <param name="Leader">Who leads it already; null: nobody yet, as far as known.</param>
    /// <param name="Asker">Who waits for the answer.</param>
    private sealed record Promising(long Attempt, Epoch Epoch, Guid Proposer, bool IsNew, NodeId? Leader, IActorRef Asker);

    private void Promises()
    {
        Receive<Prepare>(OnPrepare);
        Receive<PartitionProtocol.AdoptEpoch>(OnAdoptEpoch);
        Receive<GuardProtocol.Promised>(OnPromiseGuarded);
        Receive<PartitionProtocol.PromiseWritten>(OnPromiseWritten);
        Receive<PartitionProtocol.PromiseFailed>(OnPromiseFailed);
        Receive<WalProtocol.Fenced>(OnFenced);
    }

    private void OnPrepare(Prepare prepare)
    {
        if (!IsOurs(prepare) || _promising is not null)
            return;

        switch (PromiseRules.OnPrepare(new PromiseState(_store!.Promised.Epoch, _store.Promised.Proposer, _store.IsRejoining || IsDenied(prepare)), prepare))
        {
            case PromiseDecision.Refuse refuse:
                Sender.Tell(new PrepareRefused(prepare.Cluster, prepare.Partition, prepare.Epoch, prepare.Proposer, _self, refuse.Promised, refuse.IsDamaged));
                break;
            case PromiseDecision.Repeat:
                _promising = new Promising(++_attempt, prepare.Epoch, prepare.Proposer, IsNew: false, Leader: null, Sender);
                _replica!.Wal.Tell(new WalProtocol.Fence(prepare.Epoch));
                break;
            case PromiseDecision.Persist:
                Persist(prepare.Epoch, prepare.Proposer, leader: null, Sender);
                break;
        }
    }

    // The epoch's leader exists, so a majority has promised it; this replica was not among them. It promises to nobody by name.
    private void OnAdoptEpoch(PartitionProtocol.AdoptEpoch adopt)
    {
        if (_promising is null && adopt.Epoch > _store!.Promised.Epoch)
            Persist(adopt.Epoch, Guid.Empty, adopt.Leader, ActorRefs.Nobody);
    }

    private void Persist(Epoch epoch, Guid proposer, NodeId? leader, IActorRef asker)
    {
        var attempt = ++_attempt;
        _promising = new Promising(attempt, epoch, proposer, IsNew: true, leader, asker);
        _guard.Tell(new GuardProtocol.Promise(attempt, epoch, proposer));
    }

    private void OnPromiseGuarded(GuardProtocol.Promised promised)
    {
        if (_promising is not { } promising || promising.Attempt != promised.Attempt)
            return;

        var store = _store!;
        var (attempt, epoch, proposer, isLedElsewhere) = (promising.Attempt, promising.Epoch, promising.Proposer, promising.Asker.IsNobody());
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                EndAloneIfOvertaken(store, isLedElsewhere);
                store.RecordGuard();
                store.Promise(epoch, proposer);
                return new PartitionProtocol.PromiseWritten(attempt);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.PromiseFailed(attempt, e);
            }
        }).PipeTo(Self);
    }

    private void OnPromiseWritten(PartitionProtocol.PromiseWritten written)
    {
        if (_promising?.Attempt == written.Attempt)
            _replica!.Wal.Tell(new WalProtocol.Fence(_promising.Epoch));
    }

    private void OnPromiseFailed(PartitionProtocol.PromiseFailed failed)
    {
        if (_promising?.Attempt == failed.Attempt)
            Fail($"a promise could not be made durable: {failed.Cause.Message}");
    }

    private void OnFenced(WalProtocol.Fenced fenced)
    {
        if (_promising is not { } promising || fenced.Epoch != promising.Epoch)
            return;

        _promising = null;
        if (promising.IsNew)
        {
            _replica!.Bitmap.Tell(new BitmapProtocol.StepDown(fenced.Epoch));
            FollowTerm(new FollowerProtocol.NewTerm(fenced.Epoch, promising.Leader, fenced.WrittenLsn));
        }

        // From here on no echo of an earlier epoch leaves, and this replica's own lease has ended with its leadership: for what others
        // granted it nobody has to wait.
        var lease = _status.Granted.Close(fenced.Epoch);
        promising.Asker.Tell(new Promise(
            _environment.Directory.Meta.ClusterId, _status.Id, fenced.Epoch, promising.Proposer, _self, fenced.LastEpoch, fenced.WrittenLsn, lease, _givenUp));

        // A repeated promise of the epoch that is to be led here held it up.
        if (_appointment is { } appointment)
            Continue(appointment);
    }

    private bool IsOurs(ReplicationMessage message) =>
        message.Cluster == _environment.Directory.Meta.ClusterId && message.Partition == _status.Id;
}
