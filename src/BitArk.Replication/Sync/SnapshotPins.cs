namespace BitArk.Replication.Sync;

/// <summary>Which snapshots a leader keeps, and the log behind them, because a follower fetches them. Bounded in time: a pin nobody uses falls.</summary>
public sealed class SnapshotPins(TimeSpan timeout)
{
    private readonly Dictionary<NodeId, (Lsn Snapshot, TimeSpan Until)> _pins = [];

    /// <summary>What must not be removed.</summary>
    public IReadOnlyList<Lsn> Pinned => [.. _pins.Values.Select(pin => pin.Snapshot).Distinct().Order()];

    /// <summary>The snapshot a follower fetches; null: none. While it has one it is offered the same again, so that it can resume.</summary>
    public Lsn? Of(NodeId follower) => _pins.TryGetValue(follower, out var pin) ? pin.Snapshot : null;

    /// <summary>A follower was told to fetch it, or has fetched a piece of it.</summary>
    public void Use(NodeId follower, Lsn snapshotLsn, TimeSpan now) => _pins[follower] = (snapshotLsn, now + timeout);

    /// <summary>A follower needs it no more: it streams.</summary>
    public void Release(NodeId follower) => _pins.Remove(follower);

    /// <summary>Drops the pins that were not used for the timeout.</summary>
    /// <returns>Whose.</returns>
    public IReadOnlyList<NodeId> Expire(TimeSpan now)
    {
        NodeId[] late = [.. _pins.Where(pin => pin.Value.Until <= now).Select(pin => pin.Key)];
        foreach (var follower in late)
        {
            _pins.Remove(follower);
        }

        return late;
    }
}
