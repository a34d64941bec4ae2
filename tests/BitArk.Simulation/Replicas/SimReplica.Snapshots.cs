using BitArk.Replication.Leader;
using BitArk.Storage.Snapshots;

namespace BitArk.Simulation.Replicas;

// Snapshots, and the collection of what they and the followers no longer need.
internal sealed partial class SimReplica
{
    private PartitionSnapshot? _capturing;
    private Lsn _snapshotted;
    private Lsn _retainedFloor;

    private void SnapshotIfDue()
    {
        if (_capturing is null && AppliedLsn.BytesSince(_snapshotted) >= _world.Settings.SnapshotEveryBytes)
            BeginSnapshot();
    }

    // Begun here, written later: what is applied in between must not show in it.
    private void BeginSnapshot()
    {
        var capture = _capturing = _store!.State.BeginSnapshot();
        _snapshotted = capture.Lsn;
        _node.After(_world.Random.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(30)), () =>
        {
            if (_capturing != capture || _store is null)
                return;
            _capturing = null;
            while (!capture.Capture.CopySome(1 << 20))
            {
            }

            _store.Snapshots.Write(capture, UnpacedWrites.Instance, CancellationToken.None);
            _world.Counters.Snapshots++;
            _world.Trace.Add(_node.Index, "snapshot", capture.Lsn.Value);
        });
    }

    private void Collect()
    {
        if (_store is null || Log.IsFailed)
            return;
        var floor = _lead is { } lead ? DecideFloor(lead) : Lsn.Min(_store.Snapshots.RetentionFloorAt(CommitLsn), _leadersFloor);
        var before = MinRetainedLsn;
        var deleted = Log.DeleteSegmentsBelow(floor);
        if (deleted == 0)
            return;
        _world.Counters.GcDeletions++;
        _world.Trace.Add(_node.Index, "collected up to", MinRetainedLsn.Value, floor.Value);
        _world.Safety.Retention.Collected(_node, before, _store.Snapshots.Kept, _lead is null ? _leadersFloor : null);
    }

    private Lsn DecideFloor(Leadership lead)
    {
        var isPlanted = _world.Plant == Plant.GcPastFollower;
        var own = _store!.Snapshots.RetentionFloorAt(CommitLsn);
        if (isPlanted)
            return _retainedFloor = own;
        var policy = new RetentionPolicy(new RetentionSettings(
            _world.Settings.IsConservative ? RetentionMode.Conservative : RetentionMode.Windowed,
            _world.Settings.MaxLagBytes,
            _world.Settings.MaxLagTime,
            _world.Settings.WindowBytes));
        for (var i = 0; i <= lead.Followers.Count; i++)
        {
            var decision = policy.Decide(new RetentionView(WrittenLsn, CommitLsn, own, _pins.Pinned, [.. lead.Followers.Values.Select(Retention)]));
            _retainedFloor = Lsn.Max(_retainedFloor, decision.Floor);
            foreach (var node in decision.BecomeCurrent)
                lead.Followers[node].SetOutdated(false);
            foreach (var node in decision.BecomeOutdated)
                BecomeOutdated(lead.Followers[node]);
            if (decision.BecomeOutdated.Count == 0)
                return decision.Floor;
        }

        return Lsn.Zero;
    }

    private void BecomeOutdated(FollowerProgress progress)
    {
        _world.Counters.Outdated++;
        _world.Trace.Add(_node.Index, "outdated", _world.IndexOf(progress.Follower));
        _world.Safety.Retention.Outdated(_node, progress);
        progress.SetOutdated(true);
    }

    private FollowerRetention Retention(FollowerProgress progress) =>
        new(progress.Follower, progress.Status(Now), progress.MatchedLsn, progress.LagTime(WrittenLsn, Now), progress.IsOutdated);
}
