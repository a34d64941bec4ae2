using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Log;
using BitArk.Cluster.Partitions;
using BitArk.Replication;
using BitArk.Replication.Epochs;
using BitArk.Replication.Follower;
using BitArk.Replication.Messages;

namespace BitArk.Cluster.Replication;

// Asking where the log may go on, and obeying the answer, once.
internal sealed partial class FollowerActor
{
    private void PullIfDue()
    {
        if (_leader is not { } leader || _session.NextPull(Now) is not { } nonce)
            return;

        var lastEpoch = _replica?.Store.Log.Epochs.Before(_writtenLsn) ?? Epoch.None;
        var pull = new PullFrom(_cluster, _status.Id, _session.Epoch, nonce, _self, lastEpoch, _writtenLsn, _session.IsDamaged);
        _environment.Routes.PartitionAt(leader, _status.Id)?.Tell(pull, Self);
    }

    private void OnAnswer(ReplicationMessage answer)
    {
        switch (_session.OnAnswer(answer, _writtenLsn, Now))
        {
            case PullOutcome.Stream:
                _leaderRef = Sender;
                if (answer is StreamFrom grant)
                    _rejoining.Granted(grant);
                if (_isShown)
                    Show(null);
                ApplyWhatIsSafe();
                SendAck();
                break;
            case PullOutcome.Cut cut:
                _leaderRef = Sender;
                Cut(cut.Order);
                break;
            case PullOutcome.FullSync sync:
                _leaderRef = Sender;
                Fetch(sync.Order);
                break;
            case PullOutcome.Adopt adopt:
                Context.Parent.Tell(new PartitionProtocol.AdoptEpoch(adopt.Epoch, adopt.Leader));
                break;
        }
    }

    private void Cut(TruncateTo order)
    {
        var log = _replica!.Store.Log;
        var history = new EpochHistory(log.Epochs.Entries.Select(entry => new EpochBoundary(entry.Epoch, entry.First)));
        var end = new LogEnd(log.Epochs.Before(_writtenLsn), _writtenLsn);
        switch (DivergenceRules.Cut(history, end, log.MinRetainedLsn, _status.CommitLsn, _status.Settings.CommitRule, order.To, order.KeepEpoch))
        {
            case CutDecision.CutAt at when at.Lsn >= _replica.Store.State.LastAppliedLsn:
                _logger.Warning("Partition {0}: the log is cut from {1} back to {2}: the leader of {3} has another history behind it.", _status.Id, _writtenLsn, at.Lsn, order.Epoch);
                _status.Wire.Truncation();
                _replica.Wal.Tell(new WalProtocol.Truncate(order.Epoch, at.Lsn));
                break;
            case CutDecision.BelowCommit below:
                Context.Parent.Tell(new PartitionProtocol.StorageFailed(
                    $"the leader of {order.Epoch} asks to cut at {below.Lsn}, below the commit {_status.CommitLsn}: committed records would be lost, so nothing was cut"));
                break;
            case CutDecision.Nothing:
                _session.CutDone(Now);
                break;
            default:
                // Memory cannot be cut, and the log not below its beginning: the leader's snapshot takes the place of both.
                _session.RequireFullSync(Now);
                break;
        }
    }

    private void OnTruncated(WalProtocol.Truncated truncated)
    {
        if (truncated.Epoch != _session.Epoch)
            return;

        _writtenLsn = truncated.WrittenLsn;
        _session.CutDone(Now);
        PullIfDue();
    }
}
