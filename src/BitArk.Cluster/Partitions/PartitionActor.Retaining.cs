using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Replication;
using BitArk.Replication.Leader;

namespace BitArk.Cluster.Partitions;

// What the leader's log keeps for its followers. Whom it no longer waits for is recorded durably before anything is deleted.
internal sealed partial class PartitionActor
{
    private RetentionPolicy? _retention;
    private HashSet<NodeId> _outdated = [];
    private bool _isRecording;

    private RetentionPolicy Retention => _retention ??= new RetentionPolicy(new RetentionSettings(
        _status.Settings.Gc.Mode == GcMode.Conservative ? RetentionMode.Conservative : RetentionMode.Windowed,
        _status.Settings.Gc.MaxLagBytes,
        _status.Settings.Gc.MaxLagTime,
        CaughtUpBytes: _status.Settings.Replication.SendWindowBytes));

    private void Retain()
    {
        TellReachability();
        if (_isRecording)
            return;

        var store = _store!;
        var commit = _status.CommitLsn;
        var followers = _replicators.Keys.Select(Needs).ToList();
        var decision = Retention.Decide(new RetentionView(
            store.Log.WrittenLsn, commit, store.Snapshots.RetentionFloorAt(commit), Pins: [], followers));
        _status.RetainedFloor = decision.Floor;
        if (decision.BecomeOutdated.Count + decision.BecomeCurrent.Count > 0)
            Record([.. _outdated.Union(decision.BecomeOutdated).Except(decision.BecomeCurrent)]);
    }

    // Before its replicator has shown anything a follower may need any of the log.
    private FollowerRetention Needs(NodeId follower) => _shown.TryGetValue(follower, out var shown)
        ? new FollowerRetention(follower, shown.View.Status, shown.NeededFrom, shown.View.Lag, _outdated.Contains(follower))
        : new FollowerRetention(follower, BitArk.Replication.FollowerStatus.Alive, null, TimeSpan.Zero, _outdated.Contains(follower));

    private void Record(IReadOnlyList<NodeId> outdated)
    {
        _isRecording = true;
        var (attempt, store) = (_attempt, _store!);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                store.RecordOutdated(outdated);
                return new PartitionProtocol.OutdatedRecorded(attempt, outdated, Failure: null);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.OutdatedRecorded(attempt, outdated, e.Message);
            }
        }).PipeTo(Self);
    }

    private void OnOutdatedRecorded(PartitionProtocol.OutdatedRecorded recorded)
    {
        _isRecording = false;
        if (recorded.Failure is { } failure)
        {
            _logger.Warning("Partition {0}: who lags too far could not be recorded, so the log is kept: {1}", _status.Id, failure);
            return;
        }

        foreach (var late in recorded.Outdated.Except(_outdated))
            _logger.Warning("Partition {0}: {1} lags too far; the log is no longer kept for it, and it will need a full sync once its part is gone.", _status.Id, late);
        _outdated = [.. recorded.Outdated];
        TellOutdated();
    }

    private void TellOutdated()
    {
        foreach (var (follower, replicator) in _replicators)
            replicator.Tell(new ReplicatorProtocol.Outdated(_outdated.Contains(follower)));
    }

    private void TellReachability()
    {
        TellOutdated();
        foreach (var (follower, replicator) in _replicators)
            replicator.Tell(new ReplicatorProtocol.Reachable(_environment.IsReachable(follower)));
    }
}
