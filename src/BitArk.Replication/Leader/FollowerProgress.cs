using BitArk.Replication.Messages;

namespace BitArk.Replication.Leader;

/// <summary>
/// One follower as the leader of one epoch sees it: where its log stands, what is under way to it, and what to send next.
/// Time comes in with every call and is monotonic. One thread. What holds after every call:
/// <list type="bullet">
/// <item><see cref="NextLsn"/> is set exactly while <see cref="FollowerState.Streaming"/>; otherwise nothing is in flight.</item>
/// <item>The window's base &lt;= <see cref="NextLsn"/>: what is between them was sent and is neither acked nor given up.</item>
/// <item><see cref="MatchedLsn"/> comes from acks of this epoch alone, never from what was asked, sent or missed.</item>
/// <item>It never falls, whatever is lost, repeated or late. Only the follower's own word that its bytes are bad takes it back;
/// <see cref="QuorumTracker.OnAck"/> forgets it then.</item>
/// <item>An ack with a MatchedLsn proves that the stream was granted in this epoch: it starts again from there, whatever a
/// late question has made of the state, unless the log there is known to be gone.</item>
/// <item>In flight are at most the window's bytes and less than one record more, and at most the window's records.</item>
/// <item>While something is in flight, or the follower must be told to ask, a retry is due at a finite time; each retry
/// without progress comes later, up to the longest wait.</item>
/// <item>A place is gone back to for a Nack once: the batches behind a lost one all say the same.</item>
/// <item>A follower that again and again misses what it acked is told to ask.</item>
/// <item>To a dead follower nothing is pushed.</item>
/// </list>
/// </summary>
public sealed partial class FollowerProgress
{
    private const int ContradictionsToAsk = 3;

    private readonly Epoch _epoch;
    private readonly ReplicationSettings _settings;
    private readonly Backoff _backoff;
    private readonly SendWindow _window;
    private readonly LagClock _lag;
    private PullNonce _newestNonce;
    private TimeSpan _lastHeard;
    private TimeSpan _retryAt;
    private TimeSpan? _fullSince;
    private int _retries;
    private int _contradictions;
    private Lsn? _wentBackTo;
    private Lsn _shippedCommit;
    private bool _mustAsk;
    private bool _isDamaged;
    private bool _isGone;
    private bool _wasSaidGone;

    /// <summary>Nothing is known yet but that it exists; its silence is counted from here.</summary>
    /// <param name="follower">Who.</param>
    /// <param name="epoch">The epoch led.</param>
    /// <param name="settings">Windows and times.</param>
    /// <param name="random">For jitter; used by this thread only.</param>
    /// <param name="now">Now.</param>
    public FollowerProgress(NodeId follower, Epoch epoch, ReplicationSettings settings, Random random, TimeSpan now)
    {
        Follower = follower;
        _epoch = epoch;
        _settings = settings;
        _backoff = settings.NewBackoff(random);
        _window = new SendWindow(settings);
        _lag = new LagClock(now);
        _lastHeard = now;
    }

    /// <summary>Who.</summary>
    public NodeId Follower { get; }

    /// <summary>What is done with it.</summary>
    public FollowerState State { get; private set; }

    /// <summary>
    /// Whether it was too slow for live pushes: it gets older log at the pace of its acks, until it has caught up. The hint
    /// that the log grew needs no answer while this holds.
    /// </summary>
    public bool IsCatchingUp { get; private set; }

    /// <summary>Beyond the allowed lag, as recorded durably; set and cleared by <see cref="SetOutdated"/>.</summary>
    public bool IsOutdated { get; private set; }

    /// <summary>What is shipped next; null unless <see cref="FollowerState.Streaming"/>.</summary>
    public Lsn? NextLsn { get; private set; }

    /// <summary>Durable there and known equal to the log here, as acked in this epoch; null until then.</summary>
    public Lsn? MatchedLsn { get; private set; }

    /// <summary>Durable and applied there, as it said last.</summary>
    public Lsn LastAppliedLsn { get; private set; }

    /// <summary>The last ack of this epoch; null before the first.</summary>
    public Ack? LastAck { get; private set; }

    /// <summary>Bytes of log sent and not acked.</summary>
    public long InFlightBytes => _window.Bytes;

    /// <summary>Records sent and not acked.</summary>
    public int InFlightRecords => _window.Records;

    /// <summary>Where the log begins that it may still need: the LastAckLsn of the log's retention; null: any of it.</summary>
    public Lsn? NeededFrom => State == FollowerState.Streaming ? _window.Base : MatchedLsn;

    private void StartStreaming(Lsn from, TimeSpan now)
    {
        State = FollowerState.Streaming;
        NextLsn = from;
        _window.Restart(from);
        _mustAsk = false;
        _contradictions = 0;
        _wentBackTo = null;
        _fullSince = null;
        IsCatchingUp = false;
        _shippedCommit = Lsn.Zero;
        Rearm(now);
    }

    private void StopStreaming(FollowerState state)
    {
        State = state;
        NextLsn = null;
        _window.Restart(Lsn.Zero);
        _fullSince = null;
        IsCatchingUp = false;
    }

    private void Rearm(TimeSpan now)
    {
        _retries = 0;
        _retryAt = now + _backoff.After(1);
    }

    private void BackOff(TimeSpan now) => _retryAt = now + _backoff.After(++_retries + 1);
}
