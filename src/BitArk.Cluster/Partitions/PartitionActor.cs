using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Log;
using BitArk.Cluster.Writes;
using BitArk.Replication;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Partitions;

/// <summary>
/// The parent of one replica: opens it on a background thread, starts its actors, gives it its part, publishes its phase, and
/// ends it. Other nodes' replicas speak to it at <c>/user/partition-&lt;id&gt;</c>. A storage error of any child is final: the
/// phase becomes Failed, the node hears of it and the process ends.
/// <code>
/// Recovering -> Agreeing -> Following -> Beginning -> Serving     appointed by a coordinator; each promise leads back to Following
///      |           |            |
///      |           |            +-----> Syncing -> Recovering     too far behind, or replaced
///      +-----------+----> Damaged ----> Syncing -> Recovering
///      +-------------------------> Beginning -> Serving           a lone replica
///
/// The one copy that is left by an operator's word appoints itself, until enough of the others vote again.
/// From everywhere: -> Stopping, -> Failed; -> Rejoining, with the replica left open for the PartitionActor of the next ActorSystem
/// </code>
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "An actor ends with PostStop; the source has no timer, so nothing is left to free.")]
internal sealed partial class PartitionActor : ReceiveActor, IWithTimers
{
    private readonly PartitionStatus _status;
    private readonly PartitionEnvironment _environment;
    private readonly ReplicaSet _replicas;
    private readonly NodeId _self;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private readonly CancellationTokenSource _opening = new();
    private ReplicaStore? _kept;
    private ReplicaStore? _store;
    private OpenReplica? _replica;
    private long _attempt;

    public PartitionActor(PartitionStatus status, PartitionEnvironment environment)
    {
        _status = status;
        _environment = environment;
        _replicas = environment.ReplicasOf(status.Id);
        _self = new NodeId(status.Settings.NodeName);
        Recovering();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, PartitionEnvironment environment) =>
        Akka.Actor.Props.Create(() => new PartitionActor(status, environment));

    protected override void PreStart()
    {
        _kept = _status.TakeKept();
        if (_replicas.Members.Count > 1)
            StartGuard(isAnew: false);
        Open();
    }

    // Its children are gone by now. After an orderly end the log is closed already, and closing it again is nothing.
    protected override void PostStop()
    {
        _opening.Cancel();
        _status.Feed.Set([]);
        (_store ?? _kept)?.Log.Dispose();
    }

    // A child handles its own failures. One that throws all the same left its part of the replica in an unknown state.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(e =>
    {
        Self.Tell(new PartitionProtocol.StorageFailed($"unexpected: {e.Message}"));
        return Directive.Stop;
    });

    // Never starts anew: the replica would be opened a second time beside the first.
    protected override bool AroundReceive(Receive receive, object message)
    {
        try
        {
            return base.AroundReceive(receive, message);
        }
        catch (Exception e)
        {
            Fail($"unexpected: {e.Message}");
            return true;
        }
    }

    // What the ActorSystem before has left open needs no recovery, and its memory is there only once.
    private bool IsShown => _status.Replica is not null;

    private void Open()
    {
        var attempt = ++_attempt;
        if (_kept is { } kept)
        {
            _status.Jobs.Run<object>(() =>
            {
                try
                {
                    kept.Renew();
                    return new PartitionProtocol.Opened(attempt, kept);
                }
                catch (Exception e)
                {
                    return new PartitionProtocol.OpenFailed(attempt, e);
                }
            }).PipeTo(Self);
            return;
        }

        _status.Phase = new PartitionPhase.Recovering(0, "starting");
        var observer = new RecoveryObserver(_status, _logger, _environment.Time, _opening.Token);
        var (options, disk, ending) = (_environment.OptionsOf(_status), _environment.Disk, _opening.Token);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                var store = ReplicaStore.Open(options, disk, observer);
                if (!ending.IsCancellationRequested)
                    return new PartitionProtocol.Opened(attempt, store);

                // Whom it was opened for is ending, and may be gone already.
                store.Dispose();
                return new PartitionProtocol.OpenFailed(attempt, new OperationCanceledException(ending));
            }
            catch (Exception e)
            {
                return new PartitionProtocol.OpenFailed(attempt, e);
            }
        }).PipeTo(Self);
    }

    private void Recovering()
    {
        Receive<PartitionProtocol.Opened>(OnOpened);
        Receive<PartitionProtocol.OpenFailed>(OnOpenFailed);
        Receive<GuardProtocol.Failed>(OnGuardFailedAtStart);
        Receive<PartitionProtocol.StorageFailed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.Stop>(OnStopWhileRecovering);
        IgnoreReplicas();
    }

    private void OnOpened(PartitionProtocol.Opened opened)
    {
        if (opened.Attempt != _attempt)
        {
            Discard(opened.Store);
            return;
        }

        (_store, _kept) = (opened.Store, null);
        if (_replicas.Members.Count > 1)
            BecomeAgreeing();
        else
            StartReplica();
    }

    private void StartReplica()
    {
        var store = _store!;
        var batches = new BatchPool();

        // What the others need nobody has said yet.
        _status.RetainedFloor = _replicas.Members.Count == 1 ? new Lsn(long.MaxValue) : Lsn.Zero;
        var bitmap = Context.ActorOf(BitmapActor.Props(_status, store, batches), Named("bitmap"));
        var wal = Context.ActorOf(WalActor.Props(_status, new WalAccess(store.Log, store.Promised.Epoch, _environment.FreeBytes), bitmap, batches), Named("wal"));
        var snapshots = Context.ActorOf(SnapshotActor.Props(_status, store, bitmap, _environment), Named("snapshots"));
        _replica = new OpenReplica(store, wal, bitmap, snapshots, new PartitionReads(store, bitmap, _status));
        _status.CommitLsn = store.State.LastAppliedLsn;

        // Not the epoch about to begin: if its record never gets into the log, a later start would take what was labelled with it for lost.
        _status.History = new AppliedHistory(store.State.Epochs.Last, [.. store.State.Epochs.Entries]);
        var self = Self;
        _status.Snapshots = new PinnedSnapshots(store.Snapshots, reason => self.Tell(new PartitionProtocol.StorageFailed(reason)));
        _status.Replica = _replica;
        if (_replicas.Members.Count == 1)
        {
            LeadAlone();
            return;
        }

        BecomeFollowing();
        BeginAlone();
    }

    private void OnOpenFailed(PartitionProtocol.OpenFailed failed)
    {
        if (failed.Attempt != _attempt)
            return;

        if (_kept is { } kept)
        {
            _kept = null;
            kept.Log.Dispose();
            _status.Withdraw();
        }

        // A lone replica has nobody who could repair it: it refuses to start, and says where. One of several waits for a copy, also when it
        // is the device that cannot read what it holds: ending the node for that would end its other partitions too, and mend nothing.
        if (_replicas.Members.Count > 1 && failed.Cause is ReplicaDamagedException or WalCorruptException or DiskException { IsDeviceError: true, Operation: "pread" })
            BecomeDamaged(Describe(failed.Cause));
        else
            Fail(Describe(failed.Cause));
    }

    // A replica that was replaced by a full sync starts its actors anew, beside the names of those that end.
    private string Named(string role) => _attempt == 1 ? role : $"{role}-{_attempt}";

    private static string Describe(Exception cause) =>
        cause is IOException or WalException ? cause.Message : $"opening the replica failed: {cause.Message}";
}
