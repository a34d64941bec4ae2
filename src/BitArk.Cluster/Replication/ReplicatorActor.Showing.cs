using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Log;
using BitArk.Replication.Failover;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Replication;

// Signs of life, and what the leader shows of this follower.
internal sealed partial class ReplicatorActor
{
    private readonly SentHeartbeats _sent = new();
    private TimeSpan _sentAt;
    private TimeSpan? _beatAt;
    private long _retransmits;
    private long _nacks;
    private long _checksumFailures;

    // Several to a lease, so that one lost or late does not end it.
    private TimeSpan BeatInterval
    {
        get
        {
            var (interval, lease) = (_status.Settings.Replication.HeartbeatInterval, _status.Settings.Failover.Lease / 4);
            return interval < lease ? interval : lease;
        }
    }

    private void OnBeatNow(ReplicatorProtocol.BeatNow beat)
    {
        if (_sentAt < beat.Since)
            Beat();
    }

    // By the partition's own address while the follower has not asked yet: that is how it learns who leads.
    private void BeatIfDue()
    {
        if (_beatAt is { } last && Now - last < BeatInterval)
            return;

        Beat();
    }

    private void Beat()
    {
        _beatAt = Now;
        _sentAt = _gate.Now;
        var nonce = _sent.Send(_sentAt);
        var beat = new Heartbeat(_cluster, _status.Id, _epoch, nonce, _self, _replica.Store.Log.WrittenLsn, _status.CommitLsn, _status.RetainedFloor, _status.Settings.Failover.Lease);
        _environment.Routes.PartitionAt(_follower, _status.Id)?.Tell(beat, Self);
        // Not while it hands over: it has said that it appends nothing.
        if (_status.Phase is PartitionPhase.Serving && _progress.IsLearnerInNeedOfCommit(beat.WrittenLsn, beat.CommitLsn))
            _replica.Wal.Tell(new WalProtocol.LeadOn(_epoch, beat.WrittenLsn));
    }

    private void Show()
    {
        var status = _progress.Status(Now);
        if (status != _shown?.Status)
            _logger.Info("Partition {0}: follower {1} is {2}.", _status.Id, _follower, status);

        var written = _replica.Store.Log.WrittenLsn;
        var ack = _progress.LastAck;
        _shown = new ReplicaView(_follower, ReplicaRole.Follower, status)
        {
            WrittenLsn = ack?.MatchedLsn ?? Lsn.Zero,
            CommitLsn = Lsn.Min(_status.CommitLsn, ack?.MatchedLsn ?? Lsn.Zero),
            LastAppliedLsn = _progress.LastAppliedLsn,
            LastAckLsn = _progress.MatchedLsn ?? Lsn.Zero,
            LagBytes = _progress.LagBytes(written),
            Lag = _progress.LagTime(written, Now),
            MinRetainedLsn = ack?.MinRetainedLsn ?? Lsn.Zero,
            SnapshotLsn = ack?.SnapshotLsn ?? Lsn.Zero,
            SyncProgress = Math.Max(0, ack?.SyncProgress ?? 0),
            Stream = new StreamCounts(_progress.InFlightBytes, _retransmits, _nacks, _checksumFailures, _fullSyncs),
        };
        Context.Parent.Tell(new ReplicatorProtocol.Shown(_epoch, _shown, _progress.NeededFrom));
    }
}
