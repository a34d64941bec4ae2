using BitArk.Replication.Epochs;
using BitArk.Replication.Messages;

namespace BitArk.Replication.Leader;

/// <summary>What the follower says.</summary>
public sealed partial class FollowerProgress
{
    /// <summary>It asks where to go on. A question that was overtaken by a newer one of the same run changes nothing.</summary>
    public PullAnswer OnPull(PullFrom pull, in LeaderLogView log, TimeSpan now)
    {
        Hear(now);
        if (pull.Epoch != _epoch)
            return new PullAnswer.OtherEpoch();
        if (new PullNonce(pull.Nonce).IsNotNewerThan(_newestNonce))
            return new PullAnswer.Ignored();

        _newestNonce = new PullNonce(pull.Nonce);
        _mustAsk = false;
        SetDamaged(pull.IsDamaged);
        var answer = _isDamaged
            ? new PullAnswer.FullSync(FullSyncReason.Damaged)
            : DivergenceRules.Answer(log, new LogEnd(pull.LastEpoch, pull.WrittenLsn));
        if (answer is PullAnswer.Stream stream)
            StartStreaming(stream.From, now);
        else
            StopStreaming(answer is PullAnswer.FullSync ? FollowerState.FullSyncing : FollowerState.Probing);
        return answer;
    }

    /// <summary>It reports. A report of another epoch is a sign of life and nothing else.</summary>
    public void OnAck(Ack ack, TimeSpan now)
    {
        Hear(now);
        if (ack.Epoch != _epoch)
            return;

        LastAck = ack;
        LastAppliedLsn = Lsn.Max(LastAppliedLsn, ack.LastAppliedLsn);
        SetDamaged(ack.IsDamaged);
        if (_isDamaged)
            return;
        if (ack.MatchedLsn is { } matched)
            OnMatched(matched, now);
        else if (ack.SyncProgress >= 0 && State != FollowerState.FullSyncing)
            StopStreaming(FollowerState.FullSyncing);
    }

    /// <summary>It misses something. Counts for nothing but where to send from.</summary>
    public void OnNack(Nack nack, TimeSpan now)
    {
        Hear(now);
        if (nack.Epoch != _epoch || State != FollowerState.Streaming)
            return;

        var expected = nack.ExpectedLsn;
        if (expected < _window.Base)
            Contradict();
        if (State != FollowerState.Streaming || expected < _window.Base || expected >= NextLsn || expected == _wentBackTo)
            return;
        _wentBackTo = expected;
        _window.GoBackTo(expected);
        NextLsn = expected;
        Rearm(now);
    }

    // It acked more once, and misses it now: its disk was replaced within this epoch, and an ack from before that came late. A
    // single Nack may be late itself; several without progress between them are answered by asking it where its log ends.
    private void Contradict()
    {
        if (++_contradictions >= ContradictionsToAsk)
            NotRetained();
    }

    private void Hear(TimeSpan now)
    {
        _lastHeard = now;
        _isGone = false;
    }

    private void OnMatched(Lsn matched, TimeSpan now)
    {
        var isProgress = MatchedLsn is null || matched > MatchedLsn;
        MatchedLsn = isProgress ? matched : MatchedLsn;
        if (_mustAsk)
            return;
        if (State != FollowerState.Streaming)
            StartStreaming(matched, now);

        var hasMoved = matched > _window.Base;
        _window.Acked(matched);
        if (matched > NextLsn)
        {
            // It had more than was thought lost: what was about to be sent again is there.
            NextLsn = matched;
            _window.GoBackTo(matched);
        }

        if (!hasMoved)
            return;
        _contradictions = 0;
        if (matched > _wentBackTo)
            _wentBackTo = null;
        _window.IsNarrow = false;
        Rearm(now);
    }

    private void SetDamaged(bool isDamaged)
    {
        _isDamaged = isDamaged;
        if (!isDamaged)
            return;
        MatchedLsn = null;
        LastAppliedLsn = Lsn.Zero;
        if (State == FollowerState.Streaming)
            StopStreaming(FollowerState.Probing);
    }
}
