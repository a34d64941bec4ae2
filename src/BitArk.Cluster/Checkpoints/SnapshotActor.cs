using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Partitions;
using BitArk.Storage.Replica;
using BitArk.Storage.Snapshots;

namespace BitArk.Cluster.Checkpoints;

/// <summary>
/// Writes the snapshots of one replica when they are due or asked for, and deletes the log that they make unnecessary.
/// One job at a time, each on a background thread; the actor itself never blocks.
/// <code>
/// Resting -> Beginning -> Writing -> Collecting -> Resting
/// </code>
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "An actor ends with PostStop; the source has no timer, so nothing is left to free.")]
internal sealed partial class SnapshotActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(200);

    private readonly PartitionStatus _status;
    private readonly ReplicaStore _store;
    private readonly IActorRef _bitmap;
    private readonly TimeProvider _time;
    private readonly SnapshotPolicy _policy;
    private readonly CapturePatience _patience = new();
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private readonly List<SnapshotProtocol.Take> _takers = [];
    private readonly List<SnapshotProtocol.Collect> _collectors = [];
    private readonly CancellationTokenSource _halting = new();
    private long _attempt;
    private long _lastAt;
    private long? _failedAt;

    public SnapshotActor(PartitionStatus status, ReplicaStore store, IActorRef bitmap, TimeProvider time)
    {
        _status = status;
        _store = store;
        _bitmap = bitmap;
        _time = time;
        _lastAt = time.GetTimestamp();
        _policy = new SnapshotPolicy(status.Settings.Snapshot.EveryBytes, status.Settings.Snapshot.Every);
        Resting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, ReplicaStore store, IActorRef bitmap, PartitionEnvironment environment) =>
        Akka.Actor.Props.Create(() => new SnapshotActor(status, store, bitmap, environment.Time));

    protected override void PreStart()
    {
        _status.SnapshotLsn = _store.Snapshots.Newest?.Lsn ?? Lsn.Zero;

        // Nothing waits for it, and if it fails nothing is lost but the time it would have saved the first snapshot.
        _ = Background.Run<object?>(static () =>
        {
            SnapshotRehearsal.Run();
            return null;
        });
        Timers.StartPeriodicTimer("tick", SnapshotProtocol.Tick.Instance, TickInterval);
    }

    protected override void PostStop()
    {
        _halting.Cancel();
        Answer(new SnapshotOutcome.Failed("the partition is stopping"));
        Answer(new CollectOutcome.Failed("the partition is stopping"));
    }

    private LastSnapshot Last => _store.Snapshots.Newest is { } newest
        ? new LastSnapshot(newest.Lsn, newest.Bytes)
        : new LastSnapshot(_store.Log.Geometry.Origin, 0);

    private void Resting()
    {
        Receive<SnapshotProtocol.Tick>(OnTick);
        Receive<SnapshotProtocol.Take>(OnTake);
        Receive<SnapshotProtocol.Collect>(OnCollect);
        Receive<SnapshotProtocol.Halt>(_ => Halt());
        IgnoreFinished();
    }

    private void Beginning()
    {
        Receive<BitmapProtocol.SnapshotBegun>(OnBegun);
        Receive<BitmapProtocol.SnapshotRefused>(OnRefused);
        Busy();
    }

    private void Writing()
    {
        Receive<SnapshotProtocol.Written>(OnWritten);
        Receive<SnapshotProtocol.WriteFailed>(OnWriteFailed);
        Busy();
    }

    private void Collecting()
    {
        Receive<SnapshotProtocol.Collected>(OnCollected);
        Busy();
    }

    // Requests wait for the end of the job; a snapshot asked for joins the one under way.
    private void Busy()
    {
        Receive<SnapshotProtocol.Take>(_takers.Add);
        Receive<SnapshotProtocol.Collect>(_collectors.Add);
        Receive<SnapshotProtocol.Tick>(_ => { });
        Receive<SnapshotProtocol.Halt>(OnHaltWhileBusy);
        IgnoreFinished();
    }

    // Completions of a job that was given up; registered last, so a state that waits for them gets them first.
    private void IgnoreFinished()
    {
        Receive<BitmapProtocol.SnapshotBegun>(late => late.Snapshot.Capture.Abort());
        Receive<BitmapProtocol.SnapshotRefused>(_ => { });
        Receive<SnapshotProtocol.Written>(_ => { });
        Receive<SnapshotProtocol.WriteFailed>(_ => { });
        Receive<SnapshotProtocol.Collected>(_ => { });
    }

    private void OnTick(SnapshotProtocol.Tick tick)
    {
        TimeSpan? sinceFailure = _failedAt is { } failed ? _time.GetElapsedTime(failed) : null;
        if (_policy.IsDue(Last, _store.State.LastAppliedLsn, _time.GetElapsedTime(_lastAt), sinceFailure))
            Begin();
    }

    private void OnTake(SnapshotProtocol.Take take)
    {
        _takers.Add(take);
        Begin();
    }

    private void Begin()
    {
        _bitmap.Tell(new BitmapProtocol.BeginSnapshot(++_attempt, _patience.Current));
        Become(Beginning);
    }

    private void OnRefused(BitmapProtocol.SnapshotRefused refused)
    {
        if (refused.Attempt == _attempt)
            Failed(refused.Reason);
    }

    private void OnBegun(BitmapProtocol.SnapshotBegun begun)
    {
        if (begun.Attempt != _attempt)
        {
            begun.Snapshot.Capture.Abort();
            return;
        }

        var (attempt, store, pacer, halt) = (_attempt, _store.Snapshots, Pacer(), _halting.Token);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                return new SnapshotProtocol.Written(attempt, store.Write(begun.Snapshot, pacer, halt));
            }
            catch (Exception e)
            {
                begun.Snapshot.Capture.Abort();
                return new SnapshotProtocol.WriteFailed(attempt, e, begun.Snapshot.Capture.IsGivenUp);
            }
        }).PipeTo(Self);
        Become(Writing);
    }

    private void OnWritten(SnapshotProtocol.Written written)
    {
        if (written.Attempt != _attempt)
            return;

        var snapshot = written.Snapshot;
        _lastAt = _time.GetTimestamp();
        _failedAt = null;
        _patience.Succeeded();
        _status.SnapshotLsn = snapshot.Lsn;
        _logger.Info("Partition {0}: snapshot at {1} written and verified: {2} read sets, {3} bytes.", _status.Id, snapshot.Lsn, snapshot.ReadSets, snapshot.Bytes);
        Answer(new SnapshotOutcome.Written(snapshot.Lsn, snapshot.Bytes, snapshot.ReadSets));
        CollectNow();
    }

    private void OnWriteFailed(SnapshotProtocol.WriteFailed failed)
    {
        if (failed.Attempt != _attempt)
            return;

        if (failed.GivenUp)
            _patience.GivenUp();

        Failed(failed.Cause.Message);
    }

    private void Failed(string reason)
    {
        _failedAt = _time.GetTimestamp();
        _logger.Warning("Partition {0}: no snapshot was written: {1}. The older ones and the log are untouched; it is tried again.", _status.Id, reason);
        Answer(new SnapshotOutcome.Failed(reason));
        Rest();
    }

    private IWritePacer Pacer() =>
        _status.Settings.Snapshot.PaceBytesPerSecond is > 0 and var pace ? new RatePacer(pace, _time) : UnpacedWrites.Instance;

    private void Answer(SnapshotOutcome outcome)
    {
        foreach (var taker in _takers)
            taker.Answer.TrySetResult(outcome);

        _takers.Clear();
    }
}
