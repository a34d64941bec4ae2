using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Log;
using BitArk.Cluster.Partitions;
using BitArk.Replication;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Replication;

/// <summary>
/// A follower's dealings with its leader: asks where it may go on, hands the leader's bytes to the WalActor, reports what is
/// durable, has applied what is committed, and fetches a snapshot when the log alone cannot help. It follows an epoch only
/// after the PartitionActor has promised it durably and fenced the log.
/// </summary>
internal sealed partial class FollowerActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(100);

    private readonly PartitionStatus _status;
    private readonly PartitionEnvironment _environment;
    private readonly OpenReplica? _replica;
    private readonly ClusterId _cluster;
    private readonly NodeId _self;
    private readonly PullSession _session;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private Epoch _secondLeaderOf;
    private IActorRef _leaderRef = ActorRefs.Nobody;
    private NodeId? _leader;
    private Epoch _fenced;
    private Lsn _writtenLsn;
    private Lsn _commitLsn;
    private long _heartbeatNonce;
    private TimeSpan _ackedAt;
    private bool _isDelayed;

    /// <param name="status">The partition.</param>
    /// <param name="environment">The node.</param>
    /// <param name="replica">This one; null when it is damaged, and only a full sync is asked for.</param>
    /// <param name="fenced">What its log is fenced at; of no meaning when it is damaged.</param>
    public FollowerActor(PartitionStatus status, PartitionEnvironment environment, OpenReplica? replica, Epoch fenced)
    {
        _status = status;
        _environment = environment;
        _replica = replica;
        _fenced = fenced;
        _cluster = environment.Directory.Meta.ClusterId;
        _self = new NodeId(status.Settings.NodeName);
        _session = new PullSession(Pacing(), Random.Shared);
        _writtenLsn = replica?.Store.Log.WrittenLsn ?? Lsn.Zero;
        Following();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, PartitionEnvironment environment, OpenReplica? replica, Epoch fenced) =>
        Akka.Actor.Props.Create(() => new FollowerActor(status, environment, replica, fenced)).WithDispatcher("bitark.dispatchers.replication");

    // A few looks in each heartbeat: what was dropped or lost is said again soon enough.
    private TimeSpan TickInterval => TimeSpan.FromTicks(Math.Min(_status.Settings.Replication.HeartbeatInterval.Ticks / 5, LongestTick.Ticks));

    private TimeSpan Now => _environment.Time.GetElapsedTime(0);

    protected override void PreStart()
    {
        if (_replica is null)
            _session.RequireFullSync(Now);
        Timers.StartPeriodicTimer("tick", FollowerProtocol.Tick.Instance, TickInterval);
    }

    protected override void PostStop() => StopFetching();

    private void Following()
    {
        Receive<ReplicateBatch>(OnBatch);
        Receive<WalProtocol.ShippedWritten>(OnWritten);
        Receive<WalProtocol.ShippedDecided>(OnDecided);
        Receive<WalProtocol.ShippedDelayed>(_ => _isDelayed = true);
        Receive<Heartbeat>(OnHeartbeat);
        Receive<StreamFrom>(OnAnswer);
        Receive<TruncateTo>(OnAnswer);
        Receive<NeedFullSync>(OnAnswer);
        Receive<WrongEpoch>(OnAnswer);
        Receive<BitmapProtocol.Held>(OnHeld);
        Receive<WalProtocol.Truncated>(OnTruncated);
        Receive<FollowerProtocol.NewTerm>(OnNewTerm);
        Receive<FollowerProtocol.Tick>(_ => OnTick());
        Fetching();
    }

    private void OnNewTerm(FollowerProtocol.NewTerm term)
    {
        GiveUpFetching();
        _rejoining.Reset();
        (_leader, _fenced) = (term.Leader, term.Epoch);
        _writtenLsn = term.WrittenLsn;
        if (term.Leader is null)
            FollowNobody();
        else
            Follow(term.Epoch);
    }

    private void Follow(Epoch epoch)
    {
        _leaderRef = ActorRefs.Nobody;
        _heartbeatNonce = 0;
        _session.Begin(epoch, Now);
        PullIfDue();
    }

    // Until the leader of the epoch says that it is. To the one before nothing is said any more.
    private void FollowNobody()
    {
        _leaderRef = ActorRefs.Nobody;
        _heartbeatNonce = 0;
        _session.Stop();
    }

    private void OnHeartbeat(Heartbeat beat)
    {
        // Not what is promised: that is durable a little earlier, while the log still takes what the leader before has sent.
        var fenced = _replica is null ? beat.Epoch : _fenced;
        if (beat.Epoch > fenced)
        {
            Context.Parent.Tell(new PartitionProtocol.AdoptEpoch(beat.Epoch, beat.Leader));
            return;
        }

        // The promise is there, and the leader says who it is: the usual beginning of an epoch, and after a restart within one.
        if (beat.Epoch == fenced && (_session.Epoch < fenced || _session.State == PullState.Idle))
        {
            _leader = beat.Leader;
            _status.Leadership = new Leadership(beat.Leader, beat.Epoch, IsLocal: false);
            Follow(beat.Epoch);
        }

        if (beat.Epoch < fenced)
        {
            TellOvertaken(Sender, fenced);
            return;
        }

        if (beat.Epoch != _session.Epoch)
            return;
        if (_leader is { } leader && beat.Leader != leader)
        {
            // Its heartbeats come several times a second.
            if (_secondLeaderOf != beat.Epoch)
                _logger.Error("Partition {0}: {1} says that it leads {2}, which {3} leads. It is not listened to.", _status.Id, beat.Leader, beat.Epoch, leader);
            _secondLeaderOf = beat.Epoch;
            return;
        }

        // Granted before it is echoed. Where a higher epoch is promised meanwhile, it is not.
        if (_status.Granted.TryGrant(beat.Epoch, beat.Lease))
            _heartbeatNonce = Math.Max(_heartbeatNonce, beat.Nonce);
        Hear(beat.Epoch, beat.CommitLsn, beat.RetainedFloor);
        SendAck();
    }

    private void OnBatch(ReplicateBatch batch)
    {
        var isCurrent = batch.Epoch == _session.Epoch && _session.State == PullState.Streaming;
        if (isCurrent)
            Hear(batch.Epoch, batch.CommitLsn, batch.RetainedFloor);
        if (isCurrent && batch.Bytes.IsEmpty)
            SendAck();
        else
            _replica?.Wal.Tell(new WalProtocol.AppendShipped(batch, isCurrent, Sender));
    }

    private void Hear(Epoch epoch, Lsn commitLsn, Lsn retainedFloor)
    {
        _leaderRef = Sender;
        _status.RetainedFloor = retainedFloor;
        _rejoining.Heard(epoch, commitLsn);
        RejoinIfCaughtUp();
        if (commitLsn <= _commitLsn)
            return;

        _commitLsn = commitLsn;
        _status.HeardCommitLsn = commitLsn;
        ApplyWhatIsSafe();
    }

    private void OnWritten(WalProtocol.ShippedWritten written)
    {
        if (written.Epoch != _session.Epoch)
            return;

        _writtenLsn = written.WrittenLsn;
        RejoinIfCaughtUp();
        ApplyWhatIsSafe();
        SendAck();
    }

    // Committed at the leader, and known to be the same here.
    private void ApplyWhatIsSafe()
    {
        if (_session.MatchedLsn(_writtenLsn) is { } matched && _replica is { } replica)
            replica.Bitmap.Tell(new BitmapProtocol.ApplyUpTo(Lsn.Min(_commitLsn, matched)), ActorRefs.NoSender);
    }

    private void OnDecided(WalProtocol.ShippedDecided decided)
    {
        switch (decided.Decision)
        {
            case ReceiveDecision.Duplicate:
                _status.Wire.Duplicate();
                SendAck();
                break;
            case ReceiveDecision.Gap gap:
                SendNack(gap.Expected, wasDamaged: false);
                break;
            case ReceiveDecision.Corrupt corrupt:
                _status.Wire.ChecksumFailure();
                _logger.Warning("Partition {0}: a batch arrived damaged and is asked for again from {1}: {2}.", _status.Id, corrupt.Expected, corrupt.Reason);
                SendNack(corrupt.Expected, wasDamaged: true);
                break;
            case ReceiveDecision.StaleEpoch:
                _status.Wire.RefusedEpoch();
                TellOvertaken(decided.Leader, decided.Epoch);
                break;
            case ReceiveDecision.HigherEpoch higher:
                Context.Parent.Tell(new PartitionProtocol.AdoptEpoch(higher.Epoch, null));
                break;
            case ReceiveDecision.Diverged diverged:
                Context.Parent.Tell(new PartitionProtocol.FoundDamage($"at {diverged.Lsn} the log holds other bytes than the leader's in the same epoch"));
                break;
        }
    }

    private void TellOvertaken(IActorRef leader, Epoch promised) =>
        leader.Tell(new WrongEpoch(_cluster, _status.Id, promised, Nonce: 0, _leader), Self);

    private void OnTick()
    {
        PullIfDue();
        if (_isDelayed)
        {
            _isDelayed = false;
            SendNack(_replica!.Store.Log.AppendedLsn, wasDamaged: false);
        }
        else if (Now - _ackedAt >= _status.Settings.Replication.HeartbeatInterval)
        {
            SendAck();
        }
    }

    // The epoch is the one promised: NewTerm comes behind the fence. MatchedLsn is what the WalActor's fdatasync returned for.
    private void SendAck()
    {
        if (_leaderRef.IsNobody())
            return;

        _ackedAt = Now;
        var store = _replica?.Store;
        _leaderRef.Tell(
            new Ack(
                _cluster,
                _status.Id,
                _session.Epoch,
                _self,
                _session.MatchedLsn(_writtenLsn),
                store?.State.LastAppliedLsn ?? Lsn.Zero,
                _heartbeatNonce,
                store?.Log.MinRetainedLsn ?? Lsn.Zero,
                _status.SnapshotLsn,
                _fetched ?? -1,
                _session.IsDamaged,
                store?.IsRejoining ?? false),
            Self);
    }

    private void SendNack(Lsn expected, bool wasDamaged) =>
        _leaderRef.Tell(new Nack(_cluster, _status.Id, _session.Epoch, _self, expected, wasDamaged), Self);

    private BitArk.Replication.ReplicationSettings Pacing() => new()
    {
        RetryFirst = _status.Settings.Replication.HeartbeatInterval,
        DeadAfter = _status.Settings.Replication.DeadAfter,
    };
}
