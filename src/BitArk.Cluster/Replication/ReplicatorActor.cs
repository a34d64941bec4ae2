using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Leases;
using BitArk.Cluster.Log;
using BitArk.Cluster.Partitions;
using BitArk.Replication;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;
using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Replication;

/// <summary>
/// A leader's sender to one follower, for one epoch. It pushes the log from memory, or from its files when the follower is
/// behind, never more than the window unacknowledged: a slow follower costs the leader no memory.
/// <para>
/// Its mailbox is bounded and drops what does not fit. That is harmless by design: everything in it is a hint or a cumulative
/// fact, and the next tick, ack or growth of the log says it again. It is stopped by its parent, never by a message.
/// </para>
/// </summary>
internal sealed partial class ReplicatorActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(100);

    private readonly PartitionStatus _status;
    private readonly PartitionEnvironment _environment;
    private readonly OpenReplica _replica;
    private readonly NodeId _follower;
    private readonly Epoch _epoch;
    private readonly ClusterId _cluster;
    private readonly NodeId _self;
    private readonly LeaderGate _gate;
    private readonly FollowerProgress _progress;
    private readonly LogReader _log;
    private readonly ReadRetries _retries;
    private readonly ILoggingAdapter _logger = Context.GetLogger();
    private IActorRef _target = ActorRefs.Nobody;
    private ReplicaView? _shown;
    private TimeSpan _readAgainAt;
    private bool? _hasVote;

    public ReplicatorActor(PartitionStatus status, PartitionEnvironment environment, OpenReplica replica, LeaderGate gate, NodeId follower, Epoch epoch)
    {
        _gate = gate;
        _status = status;
        _environment = environment;
        _replica = replica;
        _follower = follower;
        _epoch = epoch;
        _cluster = environment.Directory.Meta.ClusterId;
        _self = new NodeId(status.Settings.NodeName);
        _log = replica.Store.Log.OpenReader();
        _retries = new ReadRetries(status, _logger);
        _progress = new FollowerProgress(follower, epoch, Pacing(), Random.Shared, Now);
        Replicating();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(PartitionStatus status, PartitionEnvironment environment, OpenReplica replica, LeaderGate gate, NodeId follower, Epoch epoch) =>
        Akka.Actor.Props.Create(() => new ReplicatorActor(status, environment, replica, gate, follower, epoch))
            .WithDispatcher("bitark.dispatchers.replication")
            .WithMailbox("bitark.mailboxes.replicator");

    // A few looks in each heartbeat: what was dropped or lost is said again soon enough.
    private TimeSpan TickInterval => TimeSpan.FromTicks(Math.Min(_status.Settings.Replication.HeartbeatInterval.Ticks / 5, LongestTick.Ticks));

    private TimeSpan Now => _environment.Time.GetElapsedTime(0);

    protected override void PreStart() => Timers.StartPeriodicTimer("tick", ReplicatorProtocol.Tick.Instance, TimeSpan.Zero, TickInterval);

    protected override void PostStop()
    {
        _pin?.Dispose();
        _log.Dispose();
    }

    private void Replicating()
    {
        Receive<ReplicatorProtocol.LogGrew>(_ => Pump());
        Receive<Ack>(OnAck);
        Receive<Nack>(OnNack);
        Receive<PullFrom>(OnPull);
        Receive<WrongEpoch>(wrong => TellIfOvertaken(wrong.Epoch));
        Receive<ReplicatorProtocol.Tick>(_ => OnTick());
        Receive<ReplicatorProtocol.BeatNow>(OnBeatNow);
        Receive<ReplicatorProtocol.ShowNow>(_ => Show());
        Receive<ReplicatorProtocol.Outdated>(outdated => _progress.SetOutdated(outdated.IsOutdated));
        Receive<ReplicatorProtocol.Reachable>(OnReachable);
    }

    private void OnAck(Ack ack)
    {
        TellIfOvertaken(ack.Epoch);
        if (ack.Epoch != _epoch)
            return;

        // Who speaks is who is there: a question of its run before, read late, may have said otherwise.
        _target = Sender;
        _progress.OnAck(ack, Now);
        TellOfVote(ack);

        // Before the lease that the same ack may complete: a write that is taken under it reaches the BitmapActor behind this.
        _replica.Bitmap.Tell(new BitmapProtocol.Acked(ack), ActorRefs.NoSender);
        if (_sent.SentAt(ack.HeartbeatNonce) is { } sentAt)
            _gate.OnEcho(ack.From, ack.Epoch, ack.IsDamaged || ack.IsLearner, sentAt);
        _doubt.Heard(_pin?.Lsn, ack.SyncProgress);
        Pump();
    }

    private void TellOfVote(Ack ack)
    {
        var hasVote = !ack.IsDamaged && !ack.IsLearner;
        if (_hasVote == hasVote)
            return;

        _hasVote = hasVote;
        Context.Parent.Tell(new PartitionProtocol.VoteSeen(ack));
    }

    private void TellIfOvertaken(Epoch promised)
    {
        if (promised > _epoch)
            Context.Parent.Tell(new PartitionProtocol.Overtaken(promised));
    }

    private void OnNack(Nack nack)
    {
        if (nack.Epoch != _epoch)
            return;

        _target = Sender;
        _nacks++;
        _checksumFailures += nack.WasDamaged ? 1 : 0;
        _progress.OnNack(nack, Now);
        Pump();
    }

    private void OnReachable(ReplicatorProtocol.Reachable reachable)
    {
        if (reachable.IsReachable)
            _progress.ClusterSaysBack();
        else
            _progress.ClusterSaysGone();
    }

    private void OnTick()
    {
        switch (_progress.OnTick(Now))
        {
            case TickAction.Ship:
                _retransmits++;
                break;
            case TickAction.AskToPull:
                _target.Tell(new WrongEpoch(_cluster, _status.Id, _epoch, Nonce: 0, _self), Self);
                break;
        }

        BeatIfDue();
        ReleasePinIfDue();
        Show();
        Pump();
    }

    // Sends what the window allows. Ends at the end of the log, at a full window, or where the log is gone.
    private void Pump()
    {
        while (!_target.IsNobody() && Now >= _readAgainAt && _progress.NextShipment(_replica.Store.Log.WrittenLsn, _status.CommitLsn, Now) is { } wanted)
        {
            if (!Ship(wanted))
                return;
        }
    }

    private bool Ship(ShipmentRequest wanted)
    {
        if (wanted.IsCommitOnly)
        {
            return Send(wanted.From, PreviousEpoch(wanted.From), ReadOnlyMemory<byte>.Empty, wanted.From, 0);
        }

        switch (ReadLog(wanted))
        {
            case null:
                return false;
            case LogReadResult.Range range:
                // Copied: the transport may hold it for longer than the reader does, and says nothing when it is done.
                return Send(range.Start, range.PreviousEpoch, range.Bytes.ToArray(), range.End, range.Records);
            case LogReadResult.NotRetained:
                _progress.NotRetained();
                return false;
            case LogReadResult.Damaged damaged:
                OnRot(damaged);
                return false;
            default:
                return false;
        }
    }

    // Null: not now; a tick comes back to it.
    private LogReadResult? ReadLog(ShipmentRequest wanted)
    {
        try
        {
            var read = _log.Read(wanted.From, _replica.Store.Log.WrittenLsn, wanted.MaxBytes, wanted.MaxRecords);
            _retries.Succeeded();
            return read;
        }
        catch (DiskException e)
        {
            _readAgainAt = Now + _retries.Failed(e, $"for {_follower}");
            return null;
        }
    }

    private bool Send(Lsn start, Epoch previousEpoch, ReadOnlyMemory<byte> bytes, Lsn end, int records)
    {
        var commit = _status.CommitLsn;
        if (!_progress.Shipped(start, end, bytes.Length, records, commit, Now))
            return false;

        _target.Tell(new ReplicateBatch(_cluster, _status.Id, _epoch, start, previousEpoch, commit, _status.RetainedFloor, bytes), Self);
        return true;
    }

    private Epoch PreviousEpoch(Lsn position) => _replica.Store.Log.Epochs.Before(position);

    private BitArk.Replication.ReplicationSettings Pacing()
    {
        var replication = _status.Settings.Replication;
        return new BitArk.Replication.ReplicationSettings
        {
            WindowBytes = replication.SendWindowBytes,
            WindowRecords = replication.SendWindowRecords,
            SlowAfter = replication.SlowAfter,
            DeadAfter = replication.DeadAfter,
            RetryFirst = replication.HeartbeatInterval,
        };
    }
}
