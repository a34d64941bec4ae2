using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Leases;
using BitArk.Cluster.Log;
using BitArk.Cluster.Replication;
using BitArk.Replication;
using BitArk.Replication.Failover;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Partitions;

// The leader's senders, one per follower, and what their followers let the log forget.
internal sealed partial class PartitionActor
{
    private bool _isEndingDamaged;
    private static readonly TimeSpan RetainInterval = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<NodeId, IActorRef> _replicators = [];
    private readonly Dictionary<NodeId, ReplicatorProtocol.Shown> _shown = [];
    private Epoch _leading;
    private Epoch _givenUp;
    private LeaderGate? _gate;

    private void StartReplicators(Epoch epoch)
    {
        _leading = epoch;
        BeginAdmitting();
        _gate = new LeaderGate(_replicas, _self, epoch, new LeaseTerms(_status.Settings.Failover.Lease), _environment.LeaseClock, _status.Feed.Beat);
        foreach (var follower in _replicas.Members.Where(member => member != _self))
        {
            var props = ReplicatorActor.Props(_status, _environment, _replica!, _gate, follower, epoch);
            _replicators[follower] = Context.ActorOf(props, $"replicator-{follower.Name}-{epoch.Value}");
        }

        _outdated = [.. _store!.Outdated];
        _isRecording = false;
        _status.Feed.Set([.. _replicators.Values]);
        if (_replicators.Count > 0)
            Timers.StartPeriodicTimer("retain", PartitionProtocol.Retain.Instance, RetainInterval);
    }

    private void StopReplicators()
    {
        _gate?.End();
        Timers.Cancel("retain");
        _status.Feed.Set([]);
        foreach (var replicator in _replicators.Values)
            Context.Stop(replicator);
        _replicators.Clear();
        _shown.Clear();
        _status.ReplicaViews = [];
    }

    private void LeadReplicas()
    {
        Receive<PullFrom>(pull =>
        {
            if (IsServed(pull))
                ToReplicator(pull, pull.From);
        });
        Receive<Ack>(ack => ToReplicator(ack, ack.From));
        Receive<PartitionProtocol.VoteSeen>(seen => NoteVote(seen.Ack));
        Receive<Nack>(nack => ToReplicator(nack, nack.From));
        Receive<ReplicatorProtocol.Shown>(OnShown);

        // Said by the FollowerActor before it was stopped: whoever leads with it would spread it.
        Receive<PartitionProtocol.FoundDamage>(damage => EndDamaged($"it leads, and its log was found damaged: {damage.Reason}"));
        Receive<PartitionProtocol.Retain>(_ => Retain());
        Receive<PartitionProtocol.OutdatedRecorded>(OnOutdatedRecorded);
        Receive<PartitionProtocol.Overtaken>(OnOvertaken);
    }

    // Recorded before the process ends, because the next start may read those bytes well, or not at all.
    private void EndDamaged(string reason)
    {
        if (_isEndingDamaged)
            return;

        // Another leader is looked for from here on, however long the disk takes.
        _isEndingDamaged = true;
        StopReplicators();
        _status.Leadership = Leadership.None;
        _status.Phase = new PartitionPhase.Damaged(reason);
        Report(ReplicaStanding.Away);
        var store = _store!;
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                store.MarkDamaged();
                return new PartitionProtocol.StorageFailed(reason);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.StorageFailed($"{reason}; and that could not be made durable: {e.Message}");
            }
        }).PipeTo(Self);
    }

    // A promise under way ends the leadership by itself. Of the higher epoch only the number is known: whoever proposes or leads it
    // will ask for the promise. What this replica has appended and not seen committed is in doubt from here on.
    private void OnOvertaken(PartitionProtocol.Overtaken overtaken)
    {
        _overtakenBy = Epoch.Max(_overtakenBy, overtaken.Epoch);
        ProposeLater();
        if (overtaken.Epoch <= _leading || _promising is not null)
            return;

        _logger.Warning("Partition {0}: {1} was promised elsewhere, so the leadership of {2} is over.", _status.Id, overtaken.Epoch, _leading);
        _gate?.End();
        _promising = new Promising(++_attempt, _leading, Guid.Empty, IsNew: true, Leader: null, ActorRefs.Nobody);
        _replica!.Wal.Tell(new WalProtocol.Fence(_leading));
    }

    private void ToReplicator(ReplicationMessage message, NodeId from)
    {
        if (IsOurs(message) && _replicators.TryGetValue(from, out var replicator))
            replicator.Forward(message);
    }

    private void OnShown(ReplicatorProtocol.Shown shown)
    {
        if (shown.Epoch != _leading)
            return;

        _shown[shown.View.Node] = shown;
        _status.ReplicaViews = [.. _shown.Values.Select(other => other.View).Append(OwnRow()).OrderBy(view => view.Node)];
    }

    private ReplicaView OwnRow()
    {
        var store = _store!;
        return new ReplicaView(_self, ReplicaRole.Leader, FollowerStatus.Alive)
        {
            WrittenLsn = store.Log.WrittenLsn,
            CommitLsn = _status.CommitLsn,
            LastAppliedLsn = store.State.LastAppliedLsn,
            LastAckLsn = store.Log.WrittenLsn,
            MinRetainedLsn = store.Log.MinRetainedLsn,
            SnapshotLsn = _status.SnapshotLsn,
        };
    }
}
