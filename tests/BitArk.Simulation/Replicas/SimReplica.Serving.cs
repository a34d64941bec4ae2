using BitArk.Replication.Messages;
using BitArk.Simulation.Engine;
using BitArk.Simulation.Network;
using BitArk.Storage.Snapshots;

namespace BitArk.Simulation.Replicas;

// The leader's end of a full sync: a snapshot held for a follower, and pieces of it for who asks.
internal sealed partial class SimReplica
{
    private readonly Replication.Sync.SnapshotPins _pins;
    private readonly Dictionary<NodeId, SnapshotPin> _held = [];
    private readonly Dictionary<NodeId, Replication.Sync.SnapshotDoubt> _doubts = [];

    /// <summary>Snapshots held for transfers.</summary>
    public IReadOnlyList<Lsn> Pinned => _pins.Pinned;

    private void OfferSnapshot(int to, PullFrom pull)
    {
        if (Pin(pull.From) is { } doubted && DoubtOf(pull.From).IsIn(doubted.Lsn))
            VerifyAgain(pull.From, doubted.Lsn);
        var pin = Pin(pull.From);
        if (pin is null)
        {
            // There is none yet: it asks again, and then there is.
            if (_capturing is null && AppliedLsn > _snapshotted)
                BeginSnapshot();
            return;
        }

        _pins.Use(pull.From, pin.Lsn, Now);
        _world.Trace.Add(_node.Index, "offers snapshot", to, pin.Lsn.Value);
        Send(to, new NeedFullSync(_world.Cluster, World.Partition, pull.Epoch, pull.Nonce, pin.Lsn, pin.Bytes, $"n{_node.Index}:1"));
        _world.Scenario.Offered(_node, pin.Lsn);
    }

    private Replication.Sync.SnapshotDoubt DoubtOf(NodeId follower)
    {
        if (!_doubts.TryGetValue(follower, out var doubt))
            _doubts[follower] = doubt = new Replication.Sync.SnapshotDoubt();
        return doubt;
    }

    private void VerifyAgain(NodeId follower, Lsn snapshot)
    {
        DoubtOf(follower).Settle();
        if (_store!.Snapshots.VerifyAgain(snapshot) is not { } reason)
            return;
        if (!_node.IsExcused)
            throw new ViolationException("sound-disk-refused", $"{_node}: {reason}");
        _world.Counters.DiskFlipsFound++;
        _world.Counters.RottenOffers++;
        _world.Trace.Add(_node.Index, "set its snapshot aside", snapshot.Value);
        ReleasePin(follower);
        _snapshotted = _store.Snapshots.Newest?.Lsn ?? Log.LogBase;
    }

    private SnapshotPin? Pin(NodeId follower)
    {
        if (_held.TryGetValue(follower, out var held) && !_store!.Snapshots.IsBad(held.Lsn))
            return held;
        ReleasePin(follower);
        if (_store!.Snapshots.Newest is not { } newest || _store.Snapshots.Pin(newest.Lsn) is not { } pin)
            return null;
        return _held[follower] = pin;
    }

    private void ServeChunks(int to, Lsn snapshot, long offset, long length)
    {
        var follower = _world.Nodes[to].Id;
        if (_store is null || _pins.Of(follower) != snapshot)
            return;
        _pins.Use(follower, snapshot, Now);
        // A link has a bandwidth, and so a transfer takes a while, in which something can happen to it.
        _node.After(_world.Random.Between(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(60)), () => SendChunks(to, snapshot, offset, length));
    }

    private void SendChunks(int to, Lsn snapshot, long offset, long length)
    {
        var chunk = new byte[_world.Settings.ChunkBytes];
        while (length > 0 && _store is not null)
        {
            var read = _store.Snapshots.ReadChunk(snapshot, offset, chunk.AsSpan(0, (int)Math.Min(chunk.Length, length)));
            if (read is null or 0)
                return;
            _world.Network.Send(_node.Index, to, Frames.OfChunk(snapshot, offset, chunk.AsSpan(0, read.Value)));
            offset += read.Value;
            length -= read.Value;
        }
    }

    private void ExpirePins()
    {
        foreach (var follower in _pins.Expire(Now))
            Unpin(follower);
    }

    private void ReleasePin(NodeId follower)
    {
        _pins.Release(follower);
        Unpin(follower);
    }

    private void Unpin(NodeId follower)
    {
        if (_held.Remove(follower, out var pin))
            pin.Dispose();
    }

    private void DropPins()
    {
        foreach (var follower in _held.Keys.ToArray())
            _pins.Release(follower);
        // The process or its leadership ends: the files are tidied by the next collection or start.
        _held.Clear();
        _doubts.Clear();
    }
}
