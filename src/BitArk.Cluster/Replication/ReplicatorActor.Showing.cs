using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Log;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Replication;

// Signs of life, and what the leader shows of this follower.
internal sealed partial class ReplicatorActor
{
    private TimeSpan? _beatAt;
    private long _beats;
    private long _retransmits;
    private long _nacks;
    private long _checksumFailures;

    // By the partition's own address while the follower has not asked yet: that is how it learns who leads.
    private void BeatIfDue()
    {
        if (_beatAt is { } last && Now - last < _status.Settings.Replication.HeartbeatInterval)
            return;

        _beatAt = Now;
        var beat = new Heartbeat(_cluster, _status.Id, _epoch, ++_beats, _self, _replica.Store.Log.WrittenLsn, _status.CommitLsn, _status.RetainedFloor, TimeSpan.Zero);
        _environment.Routes.PartitionAt(_follower, _status.Id)?.Tell(beat, Self);
        if (_progress.IsLearnerInNeedOfCommit(beat.WrittenLsn, beat.CommitLsn))
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
