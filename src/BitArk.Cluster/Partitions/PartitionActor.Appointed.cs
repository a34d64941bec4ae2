using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
using BitArk.Cluster.Log;
using BitArk.Replication.Failover;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Partitions;

// The way to leadership: a coordinator that has a majority's promises says so, the promise is spent, earlier leases are waited out,
// and the epoch begins with a record of its own. Nobody appoints himself.
internal sealed partial class PartitionActor
{
    private Appointment? _appointment;

    /// <summary>An epoch to lead: its promise may still be on its way to being spent, and earlier leases may still run.</summary>
    private sealed record Appointment(Epoch Epoch, bool IsSpent, bool AreLeasesOver);

    private void Appointments()
    {
        Receive<Lead>(OnLead);
        Receive<PartitionProtocol.PromiseSpent>(OnPromiseSpent);
        Receive<PartitionProtocol.LeasesOver>(OnLeasesOver);
    }

    // A lone replica is its own majority: opening it has made its epoch durable.
    private void LeadAlone()
    {
        _status.Phase = new PartitionPhase.Electing();
        _status.Leadership = Leadership.None;
        BeginLeading(_store!.Epoch);
    }

    private void OnLead(Lead order)
    {
        if (!IsOurs(order) || order.Leader != _self || _promising is not null || _appointment?.Epoch == order.Epoch)
            return;
        if (!LeadRules.MayLead(new PromiseState(_store!.Promised.Epoch, _store.Promised.Proposer, _store.IsRejoining), order))
            return;

        _logger.Info("Partition {0}: appointed to lead {1}; earlier leases run for {2} at most.", _status.Id, order.Epoch, order.Lease);
        _appointment = new Appointment(order.Epoch, IsSpent: false, AreLeasesOver: false);
        _status.Phase = new PartitionPhase.Electing();
        Report(ReplicaStanding.Leading);
        Timers.StartSingleTimer("leases", new PartitionProtocol.LeasesOver(order.Epoch), order.Lease);
        var store = _store;
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                store.BeginEpoch(order.Epoch);
                return new PartitionProtocol.PromiseSpent(order.Epoch, Failure: null);
            }
            catch (Exception e)
            {
                return new PartitionProtocol.PromiseSpent(order.Epoch, e);
            }
        }).PipeTo(Self);
    }

    // A promise of a higher epoch may have come first: then there is nothing to lead, and nothing has failed.
    private void OnPromiseSpent(PartitionProtocol.PromiseSpent spent)
    {
        if (_appointment is not { } appointment || appointment.Epoch != spent.Epoch)
            return;

        if (spent.Failure is { } failure)
        {
            if (_store!.Promised.Epoch == spent.Epoch)
                Fail($"that {spent.Epoch} is led here could not be made durable: {failure.Message}");
            return;
        }

        Continue(appointment with { IsSpent = true });
    }

    private void OnLeasesOver(PartitionProtocol.LeasesOver over)
    {
        if (_appointment is { } appointment && appointment.Epoch == over.Epoch)
            Continue(appointment with { AreLeasesOver = true });
    }

    private void Continue(Appointment appointment)
    {
        _appointment = appointment;
        if (_promising is not null || appointment is not { IsSpent: true, AreLeasesOver: true })
            return;

        Context.Stop(_follower);
        _follower = ActorRefs.Nobody;
        TellOfLostTail(appointment.Epoch);
        BeginLeading(appointment.Epoch);
    }

    // Known only while this process lives, and only if the leader before said so in time: how much more it had, nobody can tell but its log.
    private void TellOfLostTail(Epoch epoch)
    {
        var (heard, written) = (_status.HeardCommitLsn, _store!.Log.WrittenLsn);
        if (heard <= written)
            return;

        _logger.Error(
            "Partition {0}: this failover loses at least {1} bytes of log, from {2} on: the leader before {3} had acknowledged them alone (bitark.commit-rule = leader). Tokens of them are answered with TOKEN_LOST.",
            _status.Id, heard.BytesSince(written), written.Format(_status.Settings.Wal.SegmentBytes), epoch);
    }

    private void BeginLeading(Epoch epoch)
    {
        _appointment = null;
        _replica!.Bitmap.Tell(new BitmapProtocol.Lead(epoch, _replicas, _self, _status.Settings.CommitRule, IsAlone));
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
        HandOvers();
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
        // Not before: its lease may hold already, while memory lacks what an earlier leader has committed.
        if (_replicas.Members.Count > 1)
            _status.Gate = _gate;
        _status.Leadership = new Leadership(_self, _leading, IsLocal: true);
        _status.Phase = new PartitionPhase.Serving();
        Report(ReplicaStanding.Leading, isServing: true);
        Become(Serving);
    }

    // Of an epoch that is only promised nothing is said: who hears of it promises it to nobody, and then not to its proposer.
    private void TellNotLeading(PullFrom pull)
    {
        if (_status.Leadership is { Leader: { } leader } known)
            Sender.Tell(new WrongEpoch(pull.Cluster, pull.Partition, known.Epoch, pull.Nonce, leader));
    }

    // What the coordinator hears of this replica.
    private void Report(ReplicaStanding standing, bool isServing = false) =>
        _status.Report = new ReplicaReport(standing, _store?.Promised.Epoch ?? Epoch.None, isServing);
}
