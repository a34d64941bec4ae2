using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Log;
using BitArk.Cluster.Replication;
using BitArk.Replication;
using BitArk.Replication.Leader;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Partitions;

// The way to leadership: a majority's promises for an epoch above all known ones, and no promised log better than this one.
internal sealed partial class PartitionActor
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly Guid _proposer = Guid.NewGuid();
    private readonly Backoff _pause = new(FirstPause, LongestPause, Random.Shared);
    private LeadershipRound? _round;
    private Epoch _highestSeen;
    private int _tries;

    private void BecomeElecting()
    {
        _status.Phase = new PartitionPhase.Electing();
        _status.Leadership = Leadership.None;
        _tries = 0;

        // A lone replica is its own majority: opening it has made its epoch durable.
        if (_replicas.Members.Count == 1)
        {
            BecomeBeginning(_store!.Epoch);
            return;
        }

        Become(Electing);
        BeginRound();
    }

    private void Electing()
    {
        Receive<Promise>(OnPromise);
        Receive<PrepareRefused>(OnPrepareRefused);
        Receive<PartitionProtocol.Retry>(_ => OnRetry());
        Receive<PullFrom>(TellNotLeading);
        Promises();
        ReceiveEnd();
        IgnoreReplicas();
    }

    // The proposer's own vote comes first, by the way of all promises: durable, then the log fenced.
    private void BeginRound()
    {
        _round = null;
        var epoch = Epoch.Max(_store!.Promised.Epoch, Epoch.Max(_highestSeen, _store.Log.LastEpoch)).Next();
        Persist(epoch, _proposer, _self, ActorRefs.Nobody);
    }

    private void OnOwnPromise(WalProtocol.Fenced fenced)
    {
        _round = new LeadershipRound(_replicas, _self, fenced.Epoch, _proposer, new LogEnd(fenced.LastEpoch, fenced.WrittenLsn));
        AskForPromises();
    }

    private void AskForPromises()
    {
        var prepare = new Prepare(_environment.Directory.Meta.ClusterId, _status.Id, _round!.Epoch, _proposer, _self);
        foreach (var member in _round.Unanswered)
            _environment.Routes.PartitionAt(member, _status.Id)?.Tell(prepare, Self);

        Timers.StartSingleTimer("election", PartitionProtocol.Retry.Instance, _pause.After(++_tries));
    }

    private void OnPromise(Promise promise)
    {
        if (IsOurs(promise) && _promising is null && _round is { } round && round.OnPromise(promise) is LeadershipOutcome.Won)
            BecomeBeginning(round.Epoch);
    }

    private void OnPrepareRefused(PrepareRefused refused)
    {
        if (!IsOurs(refused) || _round is not { } round)
            return;

        _highestSeen = Epoch.Max(_highestSeen, refused.Promised);
        round.OnRefused(refused);
    }

    // A round that was overtaken begins anew, above what was seen; one that lacks answers asks again; one that was outvoted says
    // so, and tries again all the same: who has more may have been repaired, or this replica have caught up, by then.
    private void OnRetry()
    {
        // Somebody else's proposal, which ends this one when the promise is made.
        if (_promising is not null)
            return;

        switch (_round?.Outcome)
        {
            case LeadershipOutcome.Outvoted outvoted:
                _logger.Warning(
                    "Partition {0}: cannot lead {1}: the log of {2} reaches {3}, this replica's only {4}@{5}. Nothing is served until a replica with that log leads.",
                    _status.Id, _round.Epoch, outvoted.By, outvoted.Log, _store!.Log.LastEpoch, _store.Log.WrittenLsn);
                BeginRound();
                break;
            case LeadershipOutcome.Refused:
                BeginRound();
                break;
            case LeadershipOutcome.Waiting:
                AskForPromises();
                break;
        }
    }

    private void BecomeBeginning(Epoch epoch)
    {
        _round = null;
        Timers.Cancel("election");
        if (_replicas.Members.Count > 1)
            _store!.BeginEpoch(epoch);
        _replica!.Bitmap.Tell(new BitmapProtocol.Lead(epoch, _replicas, _self, _status.Settings.CommitRule));
        _replica.Wal.Tell(new WalProtocol.Lead(epoch));
        StartReplicators(epoch);
        Become(Beginning);
    }

    private void Beginning()
    {
        Receive<BitmapProtocol.EpochBegun>(OnEpochBegun);
        Receive<WalProtocol.EpochDelayed>(OnEpochDelayed);
        LeadReplicas();
        Promises();
        ReceiveEnd();
        IgnoreReplicas();
    }

    private void Serving()
    {
        LeadReplicas();
        Promises();
        ReceiveEnd();
        IgnoreReplicas();
    }

    private void OnEpochBegun(BitmapProtocol.EpochBegun begun)
    {
        if (begun.Epoch != _leading)
            return;

        _logger.Info("Partition {0}: leads {1} from {2}.", _status.Id, begun.Epoch, begun.Lsn.Format(_status.Settings.Wal.SegmentBytes));
        Serve();
    }

    // Everything in the log of a lone replica is committed and applied, whatever its epoch: only writes have to wait.
    private void OnEpochDelayed(WalProtocol.EpochDelayed delayed)
    {
        if (_replicas.Members.Count == 1)
            Serve();
    }

    private void Serve()
    {
        _status.Leadership = new Leadership(_self, _leading, IsLocal: true);
        _status.Phase = new PartitionPhase.Serving();
        Become(Serving);
    }

    // Of an epoch that is only promised nothing is said: who hears of it promises it to nobody, and then not to its proposer.
    private void TellNotLeading(PullFrom pull)
    {
        if (_status.Leadership is { Leader: { } leader } known)
            Sender.Tell(new WrongEpoch(pull.Cluster, pull.Partition, known.Epoch, pull.Nonce, leader));
    }
}
