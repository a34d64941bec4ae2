using BitArk.Replication;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;
using BitArk.Simulation.Disk;
using BitArk.Simulation.Engine;
using BitArk.Simulation.Network;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Simulation.Replicas;

/// <summary>
/// One process: what the actors do in the product, in one thread and thin. A message comes in, the replication core
/// decides, the storage is called, messages go out. Nothing is decided here that the core decides.
/// </summary>
internal sealed partial class SimReplica
{
    private readonly World _world;
    private readonly SimNode _node;
    private readonly SimDisk _disk;
    private readonly ReplicaOptions _options;
    private readonly ReplicationSettings _settings;
    private readonly SystemRandom _random;
    private ReplicaStore? _store;
    private LogReader? _reader;

    public SimReplica(World world, SimNode node, SimDisk disk)
    {
        _world = world;
        _node = node;
        _disk = disk;
        _random = new SystemRandom(world.Random);
        _options = new ReplicaOptions
        {
            Layout = new DataDirectory("/n" + node.Index),
            Meta = world.MetaOf(node),
            Partition = World.Partition,
            MaxBatchBytes = 32 * 1024,
            TailBytes = world.Settings.TailBytes,
            IsOneOfSeveral = true,
            HasJoinedLater = node.HasLostDisk,
            Hashes = _random,
        };
        _settings = new ReplicationSettings
        {
            WindowBytes = world.Settings.WindowBytes,
            WindowRecords = 500,
            BatchBytes = world.Settings.BatchBytes,
            SlowAfter = world.Settings.SlowAfter,
            DeadAfter = world.Settings.DeadAfter,
            RetryFirst = TimeSpan.FromMilliseconds(60),
            RetryLongest = TimeSpan.FromMilliseconds(400),
        };
        _session = new Replication.Follower.PullSession(_settings, _random);
        _pins = new Replication.Sync.SnapshotPins(world.Settings.PinTimeout);
    }

    /// <summary>Whether its durable bytes are bad.</summary>
    public bool IsDamaged => _store is null;

    /// <summary>What it knows to be committed.</summary>
    public Lsn CommitLsn { get; private set; }

    /// <summary>The end of its durable log.</summary>
    public Lsn WrittenLsn => _store?.Log.WrittenLsn ?? Lsn.Zero;

    /// <summary>The end of what is in memory.</summary>
    public Lsn AppliedLsn => _store?.State.LastAppliedLsn ?? Lsn.Zero;

    /// <summary>The oldest position of its log.</summary>
    public Lsn MinRetainedLsn => _store?.Log.MinRetainedLsn ?? Lsn.Zero;

    /// <summary>What its state belongs to.</summary>
    public PartitionStateOptions StateOptions => new(_world.Cluster, World.Partition, Log.Geometry, _options.Meta.Settings.SessionWindow, _options.Meta.Settings.SessionMaxBytes);

    private WriteAheadLog Log => _store!.Log;

    private TimeSpan Now => _world.Queue.Now;

    /// <summary>Opens the disk and begins.</summary>
    public void Begin()
    {
        Open();
        Every(_world.Settings.HeartbeatInterval, Tick);
        Every(_world.Settings.MarkEvery, WriteMark);
        Every(_world.Settings.CollectEvery, Collect);
        _granted = new GrantedLease(_world.Settings.Lease.Length, _node.Clock);
    }

    /// <summary>The end of the process: nothing of it touches the disk any more.</summary>
    public void Stop()
    {
        StepDown();
        CloseTransfer();
        CloseStore();
    }

    /// <summary>A frame arrives.</summary>
    public void Receive(int from, byte[] frame)
    {
        if (Frames.TryReadRequest(frame) is { } request)
            ServeChunks(from, request.Snapshot, request.Offset, request.Length);
        else if (Frames.TryReadChunk(frame) is { } chunk)
            OnChunk(from, chunk);
        else if (Frames.TryReadReport(frame) is { } report)
            _node.Coordinator?.OnReport(from, report);
        else if (Frames.TryReadMessage(frame) is { } message && message.Cluster == _world.Cluster && message.Partition == World.Partition)
            Receive(from, message);
        else
            _world.Counters.WireFlipsFound++;
    }

    /// <summary>Lets the next sync fail.</summary>
    public void FailNextSync() => _disk.FailNextSync = true;

    /// <summary>Lets the process end at a coming call to the disk.</summary>
    public void EndAfter(int calls) => _disk.EndAfter(calls);

    /// <summary>Of the memory.</summary>
    public ulong Digest() => _store!.State.Digest();

    /// <summary>Whether the state has what was acknowledged.</summary>
    public void RequireShows(Checks.AcknowledgementCheck acknowledgements) => acknowledgements.RequireAllIn(_node.ToString(), _store!.State);

    private void Receive(int from, ReplicationMessage message)
    {
        switch (message)
        {
            case Prepare prepare:
                OnPrepare(from, prepare);
                break;
            case Promise promise:
                _node.Coordinator?.OnPromise(promise);
                break;
            case PrepareRefused refused:
                _node.Coordinator?.OnRefused(refused);
                break;
            case HandOver handOver:
                OnHandOver(from, handOver);
                break;
            case HandOverReady ready:
                _node.Coordinator?.OnHandOverReady(ready);
                break;
            case Lead lead:
                OnLead(lead);
                break;
            case PullFrom pull:
                OnPull(from, pull);
                break;
            case ReplicateBatch batch:
                OnBatch(from, batch);
                break;
            case Heartbeat heartbeat:
                OnHeartbeat(from, heartbeat);
                break;
            case Ack ack:
                OnAck(from, ack);
                break;
            case Nack nack:
                OnNack(from, nack);
                break;
            default:
                OnAnswer(from, message);
                break;
        }
    }

    private void Open()
    {
        try
        {
            _store = ReplicaStore.Open(_options, _disk, new Recovery(this));
        }
        catch (Exception e) when (e is ReplicaDamagedException or WalCorruptException or WalUnsupportedException)
        {
            FoundDamaged(e.Message);
            _promisedWhileDamaged = ReplicaStore.TryReadPromise(_options, _disk)?.Epoch ?? Epoch.None;
            return;
        }

        _reader = Log.OpenReader(checksTail: true);
        CommitLsn = Lsn.Max(Log.Mark.State.CommitLsn, _store.State.LastAppliedLsn);
        _snapshotted = _store.Snapshots.Newest?.Lsn ?? Log.LogBase;
        _world.Safety.Leadership.Opened(_node, _store.Promised.Epoch);
        _world.Trace.Add(_node.Index, "open, written", WrittenLsn.Value, AppliedLsn.Value);
    }

    private void CloseStore()
    {
        _reader?.Dispose();
        _store?.Dispose();
        (_store, _reader) = (null, null);
        _mail.Clear();
        _isSyncUnderWay = false;
    }

    // Its own durable bytes are wrong. On a disk where nothing was flipped that is a bug of the product.
    private void FoundDamaged(string reason)
    {
        _world.Trace.Add(_node.Index, "damaged");
        _world.Trace.Say(_node.Index, reason);
        if (!_node.IsExcused)
            throw new ViolationException("sound-disk-refused", $"{_node}: {reason}");
        _world.Counters.DiskFlipsFound++;
        StepDown();
        _session.RequireFullSync(Now);
    }

    private void BecomeDamaged(string reason)
    {
        _promisedWhileDamaged = _store!.Promised.Epoch;
        FoundDamaged(reason);
        _store.MarkDamaged();
        CloseStore();
    }

    private void Send(int to, ReplicationMessage message)
    {
        // What a damaged one says binds nobody: it neither votes nor appends, and its install makes it durable.
        if (message is Promise or Ack { IsDamaged: false })
            _world.Safety.Leadership.Promises(_node, message.Epoch);
        if (_world.Trace.IsRead)
            _world.Trace.Say(_node.Index, $"-> node{to} {message}");
        _world.Network.Send(_node.Index, to, Frames.Of(message));
    }

    private void Every(TimeSpan interval, Action happens) => _node.After(interval, () =>
    {
        happens();
        Every(interval, happens);
    });

    private sealed class Recovery(SimReplica replica) : IRecoveryObserver
    {
        public void Progress(double fraction, string activity)
        {
        }

        public void SnapshotRejected(string path, string reason)
        {
            if (!replica._node.IsExcused)
                throw new ViolationException("sound-disk-refused", $"{replica._node}: {path}: {reason}");
            replica._world.Counters.DiskFlipsFound++;
        }

        public void TornTail(WalTornTail tail)
        {
            replica._world.Counters.TornTails++;
            replica._world.Trace.Add(replica._node.Index, "torn tail", tail.Lsn.Value, tail.Bytes);
        }

        public void Tidied(string what) => replica._world.Trace.Say(replica._node.Index, what);

        public void Lost(string what) => replica._world.Trace.Say(replica._node.Index, what);
    }
}
