using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Guards;
using BitArk.Cluster.Replication;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Partitions;

// A replica that does not lead: what its leader says goes to the FollowerActor, which is told of every new term first.
internal sealed partial class PartitionActor
{
    private IActorRef _follower = ActorRefs.Nobody;

    private void BecomeFollowing()
    {
        _status.Phase = FollowingPhase();
        _status.Leadership = Leadership.None;
        ReportFollowing();
        StartFollower();
        Become(Following);
    }

    private void BecomeDamaged(string reason)
    {
        _logger.Error("Partition {0} is damaged and serves nothing until it is repaired from its leader: {1}", _status.Id, reason);
        _isDamaged = true;
        _status.Phase = new PartitionPhase.Damaged(reason);
        _status.Leadership = Leadership.None;
        Report(ReplicaStanding.Voteless);
        StartFollower();
        Become(Damaged);
    }

    private void StartFollower()
    {
        if (!_follower.IsNobody())
            Context.Stop(_follower);
        _follower = Context.ActorOf(FollowerActor.Props(_status, _environment, _replica, _store?.Promised.Epoch ?? Epoch.None), $"follower-{++_attempt}");
    }

    private void Following()
    {
        FollowLeader();
        Promises();
        Appointments();
        ProposingMyself();
        Receive<PartitionProtocol.FoundDamage>(damage => OnFoundDamage(damage.Reason));
        Receive<PartitionProtocol.CaughtUp>(_ => Rejoin());
        Receive<PartitionProtocol.Rejoined>(OnRejoined);
        ReceiveEnd();
        IgnoreReplicas();
    }

    // It does not vote: what it has forgotten it may have promised.
    private void Damaged()
    {
        FollowLeader();
        Receive<Prepare>(prepare => Sender.Tell(new PrepareRefused(
            prepare.Cluster, prepare.Partition, prepare.Epoch, prepare.Proposer, _self, Epoch.None, IsDamaged: true)));
        Receive<GuardProtocol.Failed>(OnGuardFailedAtStart);
        ReceiveEnd();
        IgnoreReplicas();
    }

    private void FollowLeader()
    {
        Receive<Heartbeat>(_follower.Forward);
        Receive<StreamFrom>(_follower.Forward);
        Receive<TruncateTo>(_follower.Forward);
        Receive<NeedFullSync>(_follower.Forward);
        Receive<WrongEpoch>(_follower.Forward);
        Receive<ReplicateBatch>(_follower.Forward);
        Receive<PullFrom>(TellNotLeading);
        Receive<PartitionProtocol.Fetching>(OnFetching);
        Receive<PartitionProtocol.Install>(OnInstall);
    }

    private void OnFetching(PartitionProtocol.Fetching fetching) =>
        _status.Phase = fetching.Progress is { } progress ? new PartitionPhase.Syncing(progress) : FollowingPhase();

    private PartitionPhase FollowingPhase() => _store is { IsRejoining: true } ? new PartitionPhase.Learning() : new PartitionPhase.Following();

    private void FollowTerm(FollowerProtocol.NewTerm term)
    {
        if (_leading > Epoch.None)
        {
            (_givenUp, _leading) = (_leading, Epoch.None);
            EndHandOver();
            StopReplicators();
            BecomeFollowing();
        }
        else if (_appointment is not null)
        {
            _appointment = null;
            _status.Phase = FollowingPhase();
        }

        _status.Leadership = term.Leader is null ? Leadership.None : new Leadership(term.Leader, term.Epoch, IsLocal: false);
        ReportFollowing();
        _follower.Tell(term);
    }

    private void ReportFollowing() => Report(_store!.IsRejoining ? ReplicaStanding.Voteless : ReplicaStanding.Following);

    private void Rejoin()
    {
        var (attempt, store) = (_attempt, _store!);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                store.Rejoined();
                return new PartitionProtocol.Rejoined(attempt, Failure: null);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.Rejoined(attempt, e.Message);
            }
        }).PipeTo(Self);
    }

    private void OnRejoined(PartitionProtocol.Rejoined rejoined)
    {
        if (rejoined.Failure is { } failure)
        {
            Fail($"that the repaired replica has caught up could not be made durable: {failure}");
            return;
        }

        _logger.Info("Partition {0}: the repaired replica has caught up and votes again.", _status.Id);
        if (_status.Phase is PartitionPhase.Learning)
            _status.Phase = FollowingPhase();
        ReportFollowing();
    }

    // Found while it runs: what is on the disk, or in memory, is not what the leader's log says.
    // From here on it says nothing: neither votes nor acks. It is durable before anything else, because the next start may read those
    // bytes well, or not at all.
    private void OnFoundDamage(string reason)
    {
        _status.Phase = new PartitionPhase.Damaged(reason);
        Report(ReplicaStanding.Voteless);
        Context.Stop(_follower);
        Become(RecordingDamage);
        var (attempt, store) = (++_attempt, _store!);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                store.MarkDamaged();
                return new PartitionProtocol.DamageRecorded(attempt, reason, Failure: null);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.DamageRecorded(attempt, reason, e.Message);
            }
        }).PipeTo(Self);
    }

    private void RecordingDamage()
    {
        Receive<PartitionProtocol.DamageRecorded>(OnDamageRecorded);
        Receive<PartitionProtocol.Stop>(NoteStop);
        ReceiveEnd();
        IgnoreReplicas();
    }

    private void OnDamageRecorded(PartitionProtocol.DamageRecorded recorded)
    {
        if (recorded.Attempt != _attempt)
            return;
        if (recorded.Failure is { } failure)
            Fail($"{recorded.Reason}; and that could not be made durable: {failure}");
        else
            EndReplica(_stoppers.Count > 0 ? AwaitWorkToStop : () => BecomeDamaged(recorded.Reason));
    }

    // Late or stray messages of other replicas; registered last, so a state that expects them gets them first.
    private void IgnoreReplicas() => Receive<ReplicationMessage>(_ => { });
}
