using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Bitmap;
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
    private TruncateTo? _cutOrder;

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

    // Memory cannot be cut. What it was asked to apply may still be on its way to it, so where it stands only itself can say.
    private void Cut(TruncateTo order)
    {
        if (Decide(order) is CutDecision.CutAt at)
        {
            _cutOrder = order;
            _replica!.Bitmap.Tell(new BitmapProtocol.HoldAt(order.Nonce, at.Lsn), Self);
            return;
        }

        Obey(order, _replica!.Store.State.LastAppliedLsn);
    }

    private void OnHeld(BitmapProtocol.Held held)
    {
        if (_session.State != PullState.Cutting || _cutOrder is not { } order || held.Nonce != order.Nonce)
            return;

        _cutOrder = null;
        Obey(order, held.LastAppliedLsn);
    }

    private void Obey(TruncateTo order, Lsn applied)
    {
        switch (Decide(order))
        {
            case CutDecision.CutAt at when at.Lsn >= applied:
                _logger.Warning("Partition {0}: the log is cut from {1} back to {2}: the leader of {3} has another history behind it.", _status.Id, _writtenLsn, at.Lsn, order.Epoch);
                _status.Wire.Truncation();
                TellOfLostTail(order.Epoch, at.Lsn);
                _replica!.Wal.Tell(new WalProtocol.Truncate(order.Epoch, at.Lsn));
                break;
            case CutDecision.BelowCommit below:
                Context.Parent.Tell(new PartitionProtocol.StorageFailed(
                    $"the leader of {order.Epoch} asks to cut at {below.Lsn}, below the commit {_status.CommitLsn}: committed records would be lost, so nothing was cut"));
                break;
            case CutDecision.Nothing:
                _session.CutDone(Now);
                break;
            case CutDecision.CutAt at:
                TellOfLostTail(order.Epoch, at.Lsn);
                _session.RequireFullSync(Now);
                break;
            default:
                // The log cannot be cut below its beginning, as memory cannot be at all: the leader's snapshot takes the place of both.
                _session.RequireFullSync(Now);
                break;
        }
    }

    // Only where the leader's own disk was enough: then it may have acknowledged all that it had, and what this replica knows of that ends
    // with its last mark before it was killed. So it is all that is cut. Under a quorum nothing that was acknowledged ever is.
    private void TellOfLostTail(Epoch epoch, Lsn kept)
    {
        var committed = _status.Settings.CommitRule == CommitRule.Leader ? _writtenLsn : Lsn.Min(_status.CommitLsn, _writtenLsn);
        if (committed <= kept)
            return;

        var bytes = committed.BytesSince(kept);
        _status.Wire.LostTail(bytes);
        _logger.Error(
            "Partition {0}: a failover has lost {1} bytes of log, from {2} to {3}: an earlier leader may have acknowledged them alone (bitark.commit-rule = leader), and the leader of {4} has another history. Tokens of them are answered with TOKEN_LOST.",
            _status.Id, bytes, kept.Format(_status.Settings.Wal.SegmentBytes), committed.Format(_status.Settings.Wal.SegmentBytes), epoch);
    }

    private CutDecision Decide(TruncateTo order)
    {
        var log = _replica!.Store.Log;
        var history = new EpochHistory(log.Epochs.Entries.Select(entry => new EpochBoundary(entry.Epoch, entry.First)));
        var end = new LogEnd(log.Epochs.Before(_writtenLsn), _writtenLsn);
        return DivergenceRules.Cut(history, end, log.MinRetainedLsn, _status.CommitLsn, _status.Settings.CommitRule, order.To, order.KeepEpoch);
    }

    private void OnTruncated(WalProtocol.Truncated truncated)
    {
        if (truncated.Epoch != _session.Epoch)
            return;

        // Under the commit rule of the leader alone what was cut may have counted as committed; what comes in its place does not yet.
        // The BitmapActor has been held, and changes nothing of it meanwhile.
        _writtenLsn = truncated.WrittenLsn;
        _commitLsn = Lsn.Min(_commitLsn, _writtenLsn);
        _status.CommitLsn = Lsn.Min(_status.CommitLsn, _writtenLsn);
        _status.HeardCommitLsn = _commitLsn;
        _session.CutDone(Now);
        PullIfDue();
    }
}
