using Akka.Actor;
using Akka.Event;
using Akka.Persistence;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Guards;

/// <summary>
/// Keeps the promises of one replica of several in a journal: an epoch promised is there before anything else knows of it. Whether
/// to promise is decided elsewhere; a promise that would take one back is refused here, too. Its parent hears of a failure,
/// which is final: whether the last promise is durable is unknown then.
/// </summary>
internal sealed class EpochGuardActor : ReceivePersistentActor
{
    // One event would do to recover from; a few more show an operator what happened last.
    private const int EventsKept = 4;
    private const int DeleteEvery = 16;

    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private readonly bool _isAnew;
    private EpochPromise? _promise;

    public EpochGuardActor(GuardJournal journal, ClusterId cluster, PartitionId partition, bool isAnew)
    {
        JournalPluginId = journal.PluginId;
        PersistenceId = GuardJournal.PersistenceIdOf(cluster, partition);
        _isAnew = isAnew;
        Recover<EpochPromised>(OnRecovered);
        Command<GuardProtocol.Recall>(recall => Sender.Tell(new GuardProtocol.Recovered(recall.Attempt, _promise)));
        Command<GuardProtocol.Promise>(OnPromise);
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(OnDeleteFailed);
    }

    public override string PersistenceId { get; }

    /// <summary>No snapshots; anew, no events either: what is there cannot be read, but its numbers are not used again.</summary>
    public override Recovery Recovery => new(SnapshotSelectionCriteria.None, _isAnew ? 0 : long.MaxValue);

    /// <param name="journal">Where.</param>
    /// <param name="cluster">The replica's cluster.</param>
    /// <param name="partition">The replica's partition.</param>
    /// <param name="isAnew">The replica was repaired because its events could not be read: they count for nothing, and the first promise removes them.</param>
    public static Props Props(GuardJournal journal, ClusterId cluster, PartitionId partition, bool isAnew = false) =>
        Akka.Actor.Props.Create(() => new EpochGuardActor(journal, cluster, partition, isAnew)).WithDispatcher(GuardJournal.Dispatcher);

    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        Fail($"the journal of promises could not be read: {GuardErrors.Describe(reason)}", GuardErrors.IsAboutContent(reason));

    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Fail($"a promise could not be made durable in the journal: {GuardErrors.Describe(cause)}", isDamage: false);

    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        Fail($"a promise was rejected by the journal: {GuardErrors.Describe(cause)}", isDamage: false);
        Context.Stop(Self);
    }

    private void OnRecovered(EpochPromised promised)
    {
        if (!CanFollow(promised))
            throw new GuardEventException($"the journal of promises has {promised.Epoch} for {promised.Proposer} behind {_promise!.Epoch} for {_promise.Proposer}");
        _promise = new EpochPromise(promised.Epoch, promised.Proposer);
    }

    private void OnPromise(GuardProtocol.Promise asked)
    {
        var promised = new EpochPromised(asked.Epoch, asked.Proposer);
        if (_promise == new EpochPromise(asked.Epoch, asked.Proposer))
        {
            Sender.Tell(new GuardProtocol.Promised(asked.Attempt));
            return;
        }

        if (!CanFollow(promised))
        {
            Fail($"{asked.Epoch} for {asked.Proposer} cannot be promised: {_promise!.Epoch} was promised to {_promise.Proposer}", isDamage: false);
            Context.Stop(Self);
            return;
        }

        // The journal answers when the event's transaction is on the disk, its log synced.
        var isFirst = _promise is null;
        Persist(promised, durable =>
        {
            _promise = new EpochPromise(durable.Epoch, durable.Proposer);
            Sender.Tell(new GuardProtocol.Promised(asked.Attempt));
            Forget(isFirst);
        });
    }

    // Upwards, or the same epoch for nobody any more.
    private bool CanFollow(EpochPromised next) => _promise is null || next.Epoch > _promise.Epoch || (next.Epoch == _promise.Epoch && next.Proposer == Guid.Empty);

    private void Forget(bool isFirst)
    {
        if (_isAnew && isFirst)
            DeleteMessages(LastSequenceNr - 1);
        else if (LastSequenceNr % DeleteEvery == 0)
            DeleteMessages(LastSequenceNr - EventsKept);
    }

    private void OnDeleteFailed(DeleteMessagesFailure failure) =>
        _logger.Warning("Old events up to {0} of {1} stay in the journal: {2}", failure.ToSequenceNr, PersistenceId, GuardErrors.Describe(failure.Cause));

    private static void Fail(string reason, bool isDamage) => Context.Parent.Tell(new GuardProtocol.Failed(reason, isDamage));
}
