using BitArk.Replication.Messages;

namespace BitArk.Replication.Follower;

/// <summary>
/// A follower's dealings with its leader: it asks until it is answered, obeys the answer to the newest question, once, and
/// asks again when that is done. Time comes in with every call and is monotonic. One thread. What holds after every call:
/// <list type="bullet">
/// <item>A cut or a full sync is obeyed only while <see cref="PullState.Pulling"/> or <see cref="PullState.Damaged"/>, when
/// nothing is acked: so no late or repeated order can take back what was acked since.</item>
/// <item>MatchedLsn is known only while <see cref="PullState.Streaming"/>, which only a grant of the present epoch begins.</item>
/// <item>The epoch never falls.</item>
/// <item>While pulling or damaged, a question is due at a finite time.</item>
/// </list>
/// </summary>
public sealed class PullSession
{
    private readonly Backoff _backoff;
    private PullNonce _nonce;
    private bool _isOpen;
    private int _asked;
    private TimeSpan _askAt;

    /// <summary>Idle, and sound.</summary>
    /// <param name="settings">How soon to ask again.</param>
    /// <param name="random">For jitter, and to tell this run's questions from those of an earlier one: never the same seed twice.</param>
    public PullSession(ReplicationSettings settings, Random random)
    {
        _backoff = settings.NewBackoff(random);
        _nonce = PullNonce.NewRun(random);
    }

    /// <summary>Where it stands.</summary>
    public PullState State { get; private set; }

    /// <summary>The newest epoch it followed; <see cref="Epoch.None"/> before the first.</summary>
    public Epoch Epoch { get; private set; }

    /// <summary>Only a full sync helps.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>
    /// Follow the leader of an epoch: call when it is durably promised and the log fenced. What was granted before counts no
    /// more, and a cut it ordered that is not done must not be done: the log has been reported as it is. A full sync under way
    /// goes on: a snapshot is committed state, of use under any leader.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The epoch is below the one followed already.</exception>
    public void Begin(Epoch epoch, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epoch, Epoch);
        Epoch = epoch;
        if (State != PullState.FullSyncing)
            Ask(now);
    }

    /// <summary>Nobody to follow, for now: this replica leads, or stops.</summary>
    public void Stop()
    {
        _isOpen = false;
        State = PullState.Idle;
    }

    /// <summary>The nonce to ask with now; null: nothing is due. Each one makes the ones before it worthless.</summary>
    public long? NextPull(TimeSpan now)
    {
        if (State is not (PullState.Pulling or PullState.Damaged) || now < _askAt)
            return null;
        _nonce = _nonce.Next();
        _isOpen = true;
        _askAt = now + _backoff.After(++_asked);
        return _nonce.Value;
    }

    /// <summary>A leader's answer.</summary>
    /// <param name="answer">One of those of <c>Pulling.cs</c> that leaders send; anything else is ignored.</param>
    /// <param name="writtenLsn">The end of the log here.</param>
    /// <param name="now">Now.</param>
    public PullOutcome OnAnswer(ReplicationMessage answer, Lsn writtenLsn, TimeSpan now)
    {
        if (answer is WrongEpoch wrong)
            return OnWrongEpoch(wrong, now);
        if (answer.Epoch != Epoch || !_isOpen || NonceOf(answer) != _nonce.Value)
            return new PullOutcome.Ignored();

        _isOpen = false;
        switch (answer)
        {
            case StreamFrom grant when !IsDamaged && grant.From == writtenLsn:
                State = PullState.Streaming;
                return new PullOutcome.Stream();
            case TruncateTo order when !IsDamaged:
                State = PullState.Cutting;
                return new PullOutcome.Cut(order);
            case NeedFullSync order:
                State = PullState.FullSyncing;
                return new PullOutcome.FullSync(order);
            default:
                return new PullOutcome.AskAgain();
        }
    }

    /// <summary>The log is cut, durably, or the order was of no use: ask again.</summary>
    public void CutDone(TimeSpan now)
    {
        if (State == PullState.Cutting)
            Ask(now);
    }

    /// <summary>The snapshot is installed, durably: sound again, ask where to go on.</summary>
    public void FullSyncDone(TimeSpan now)
    {
        if (State != PullState.FullSyncing)
            return;
        IsDamaged = false;
        Ask(now);
    }

    /// <summary>The snapshot could not be had: ask again after a while.</summary>
    public void FullSyncFailed(TimeSpan now)
    {
        if (State != PullState.FullSyncing)
            return;
        // Not at once, and later each time: what was asked so far counts as failures.
        var failures = _asked + 1;
        Ask(now);
        _asked = failures;
        _askAt = now + _backoff.After(failures);
    }

    /// <summary>Durable bytes are bad, or cannot be cut as far as needed: from now on only a full sync is asked for.</summary>
    public void RequireFullSync(TimeSpan now)
    {
        IsDamaged = true;
        if (State is not (PullState.Idle or PullState.FullSyncing))
            Ask(now);
    }

    /// <summary>What to ack as MatchedLsn: what is durable, once it is known equal to this epoch's leader; null before.</summary>
    public Lsn? MatchedLsn(Lsn writtenLsn) => State == PullState.Streaming ? writtenLsn : null;

    private PullOutcome OnWrongEpoch(WrongEpoch wrong, TimeSpan now)
    {
        if (wrong.Epoch > Epoch)
            return new PullOutcome.Adopt(wrong.Epoch, wrong.Leader);
        // The leader's own wish that the follower ask: its log behind what is acked here is gone. Asking again costs a round
        // trip and can cut nothing by itself, so it needs no nonce.
        if (wrong.Epoch == Epoch && wrong.Nonce == 0 && State == PullState.Streaming)
        {
            Ask(now);
            return new PullOutcome.AskAgain();
        }

        return new PullOutcome.Ignored();
    }

    private void Ask(TimeSpan now)
    {
        State = IsDamaged ? PullState.Damaged : PullState.Pulling;
        _isOpen = false;
        _asked = 0;
        _askAt = now;
    }

    private static long NonceOf(ReplicationMessage answer) => answer switch
    {
        StreamFrom stream => stream.Nonce,
        TruncateTo truncate => truncate.Nonce,
        NeedFullSync sync => sync.Nonce,
        _ => 0,
    };
}
