using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Checkpoints;
using BitArk.Cluster.Log;
using BitArk.Cluster.Writes;
using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>
/// The parent of one replica: opens it on a background thread, starts its actors, publishes its phase, and ends it. A
/// storage error of any child is final: the phase becomes Failed, the node hears of it and the process ends.
/// <code>
/// Recovering -> Beginning -> Serving -> Stopping
///      \------------\-----------\-----> Failed
/// </code>
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "An actor ends with PostStop; the source has no timer, so nothing is left to free.")]
internal sealed partial class PartitionActor : ReceiveActor, IWithTimers
{
    private readonly PartitionStatus _status;
    private readonly PartitionEnvironment _environment;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private readonly CancellationTokenSource _opening = new();
    private ReplicaStore? _store;
    private OpenReplica? _replica;
    private long _attempt;

    public PartitionActor(PartitionStatus status, PartitionEnvironment environment)
    {
        _status = status;
        _environment = environment;
        Recovering();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, PartitionEnvironment environment) =>
        Akka.Actor.Props.Create(() => new PartitionActor(status, environment));

    protected override void PreStart()
    {
        var attempt = ++_attempt;
        var observer = new RecoveryObserver(_status, _logger, _environment.Time, _opening.Token);
        var (options, disk) = (_environment.OptionsOf(_status), _environment.Disk);
        Background.Run<object>(() =>
        {
            try
            {
                return new PartitionProtocol.Opened(attempt, ReplicaStore.Open(options, disk, observer));
            }
            catch (Exception e)
            {
                return new PartitionProtocol.OpenFailed(attempt, e);
            }
        }).PipeTo(Self);
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

    private void Recovering()
    {
        Receive<PartitionProtocol.Opened>(OnOpened);
        Receive<PartitionProtocol.OpenFailed>(failed => Fail(Describe(failed.Cause)));
        Receive<PartitionProtocol.Stop>(OnStopWhileRecovering);
    }

    private void Beginning()
    {
        Receive<BitmapProtocol.EpochBegun>(OnEpochBegun);
        Receive<WalProtocol.EpochDelayed>(OnEpochDelayed);
        Receive<PartitionProtocol.StorageFailed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.Stop>(OnStop);
    }

    private void Serving()
    {
        Receive<BitmapProtocol.EpochBegun>(_ => { });
        Receive<WalProtocol.EpochDelayed>(_ => { });
        Receive<PartitionProtocol.StorageFailed>(failed => Fail(failed.Reason));
        Receive<PartitionProtocol.Stop>(OnStop);
    }

    private void OnOpened(PartitionProtocol.Opened opened)
    {
        if (opened.Attempt != _attempt)
        {
            opened.Store.Dispose();
            return;
        }

        var store = _store = opened.Store;
        var batches = new BatchPool();
        var bitmap = Context.ActorOf(BitmapActor.Props(_status, store.State, store.Epoch, batches), "bitmap");
        var wal = Context.ActorOf(WalActor.Props(_status, new WalAccess(store.Log, store.Epoch, _environment.FreeBytes), bitmap, batches), "wal");
        var snapshots = Context.ActorOf(SnapshotActor.Props(_status, store, bitmap, _environment), "snapshots");
        _replica = new OpenReplica(store, wal, bitmap, snapshots, new PartitionReads(store, bitmap, _status));
        _status.History = new AppliedHistory(store.Epoch, []);
        _status.Replica = _replica;
        Become(Beginning);
    }

    private void OnEpochBegun(BitmapProtocol.EpochBegun begun)
    {
        _logger.Info("Partition {0}: leads {1} from {2}.", _status.Id, begun.Epoch, begun.Lsn.Format(_status.Settings.Wal.SegmentBytes));
        Serve();
    }

    // Everything in the log of a lone replica is committed and applied, whatever its epoch: only writes have to wait.
    private void OnEpochDelayed(WalProtocol.EpochDelayed delayed) => Serve();

    private void Serve()
    {
        _status.Leadership = new Leadership(new NodeId(_status.Settings.NodeName), _store!.Epoch, IsLocal: true);
        _status.Phase = new PartitionPhase.Serving();
        Become(Serving);
    }

    private static string Describe(Exception cause) =>
        cause is IOException or Storage.Wal.WalException ? cause.Message : $"opening the replica failed: {cause.Message}";
}
