using Akka.Actor;
using Akka.Event;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

// The one copy that is left, by an operator's word: nobody else can vote, so it proposes itself, to itself alone, until enough of the
// others vote again. AcceptedLossRules says why that is sound; nothing is acknowledged meanwhile, for lack of a lease.
internal sealed partial class PartitionActor
{
    private static readonly TimeSpan ProposeInterval = TimeSpan.FromMilliseconds(500);

    private readonly Guid _ownProposer = Guid.NewGuid();
    private AcceptedLossRules? _alone;
    private Epoch _overtakenBy;
    private bool _isAloneWriting;

    private bool IsAlone => _store is { AcceptedLoss: not null };

    private void BeginAlone()
    {
        if (!IsAlone)
            return;

        _logger.Warning(
            "Partition {0}: an operator has accepted that the other copies are lost. This one is the truth from {1} on: it leads by itself, and takes no writes until enough of the others have caught up.", _status.Id, _store!.AcceptedLoss!.Epoch);
        Timers.StartPeriodicTimer("alone", PartitionProtocol.ProposeMyself.Instance, TimeSpan.Zero, ProposeInterval);
    }

    private void ProposingMyself()
    {
        Receive<PartitionProtocol.ProposeMyself>(_ => ProposeMyself());
        Receive<Promise>(OnOwnPromise);
    }

    private void ProposeMyself()
    {
        if (!IsAlone)
        {
            Timers.Cancel("alone");
            return;
        }

        if (_promising is not null || _appointment is not null || _isAloneWriting)
            return;

        var epoch = Epoch.Max(_store!.Promised.Epoch, _overtakenBy).Next();
        Self.Tell(new Prepare(_environment.Directory.Meta.ClusterId, _status.Id, epoch, _ownProposer, _self), Self);
    }

    // What a coordinator makes of a majority's promises.
    private void OnOwnPromise(Promise promise)
    {
        if (IsAlone && IsOurs(promise) && promise.Proposer == _ownProposer && promise.From == _self)
            OnLead(new Lead(promise.Cluster, promise.Partition, promise.Epoch, promise.Proposer, _self, promise.Lease.Besides(promise.GivenUp)));
    }

    // Everybody else's proposal: with its promise somebody could lead who lets others vote that were not admitted here.
    private bool IsDenied(Prepare prepare) => IsAlone && prepare.Proposer != _ownProposer;

    private void BeginAdmitting() => _alone = IsAlone ? new AcceptedLossRules(_replicas, _self, _store!.AcceptedLoss!.Admitted) : null;

    // Unanswered, it asks again.
    private bool IsServed(PullFrom pull)
    {
        if (_alone is not { } alone || alone.Serves(pull.From))
            return true;
        if (pull.Epoch != _leading || _isAloneWriting || !alone.MayAdmit(pull.From))
            return false;

        var store = _store!;
        WriteAlone(() => store.Admit(pull.From), pull.From);
        return false;
    }

    private void NoteVote(Ack ack)
    {
        if (_alone is not { } alone || ack.Epoch != _leading)
            return;

        alone.OnAck(ack);
        if (!alone.IsOver || _isAloneWriting)
            return;

        WriteAlone(_store!.EndAcceptedLoss, admitted: null);
    }

    private void WriteAlone(Action write, NodeId? admitted)
    {
        _isAloneWriting = true;
        var epoch = _leading;
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                write();
                return new PartitionProtocol.AloneWritten(epoch, admitted, Failure: null);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.AloneWritten(epoch, admitted, e.Message);
            }
        }).PipeTo(Self);
    }

    private void OnAloneWritten(PartitionProtocol.AloneWritten written)
    {
        _isAloneWriting = false;
        if (written.Failure is { } failure)
        {
            Fail($"who may vote since the loss of the other copies was accepted could not be made durable: {failure}");
            return;
        }

        if (written.Admitted is { } node)
        {
            _logger.Info("Partition {0}: {1} is let in, and will vote when it has caught up.", _status.Id, node);
            _alone?.Admit(node);
            return;
        }

        _alone = null;
        Timers.Cancel("alone");
        _logger.Info("Partition {0}: a majority of the replicas votes again; the loss that was accepted is over.", _status.Id);
    }

    // Whoever leads the higher epoch gets as long as a lease to say so: a proposal above it would take from it what it has committed.
    private void ProposeLater()
    {
        if (IsAlone)
            Timers.StartPeriodicTimer("alone", PartitionProtocol.ProposeMyself.Instance, _status.Settings.Failover.Lease, ProposeInterval);
    }

    // Where somebody leads who did not need this replica's promise, not so much was lost as the operator said: then this copy is one of several.
    private void EndAloneIfOvertaken(ReplicaStore store, bool isLedElsewhere)
    {
        if (!isLedElsewhere || store.AcceptedLoss is null)
            return;

        store.EndAcceptedLoss();
        _logger.Error("Partition {0}: an operator has accepted that the other copies are lost, but one of them leads a higher epoch. This copy follows it, and is no longer the one that counts.", _status.Id);
    }
}
