using BitArk.Replication;
using BitArk.Replication.Failover;

namespace BitArk.Cluster.Leases;

/// <summary>
/// Whether a leader may answer reads by itself, for one epoch that it leads. Readers look first and ask afterwards, so a pause in
/// between, of this thread or of the whole machine, cannot make an answer stale. Any thread.
/// </summary>
internal sealed class LeaderGate
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly LeaderLease _lease;
    private readonly TimeSpan _patience;
    private readonly Action<TimeSpan> _beatNow;
    private readonly List<Confirmation> _waiting = [];
    private long _heldUntil;
    private volatile bool _isOver;

    /// <param name="replicas">Whose majority grants it.</param>
    /// <param name="self">The leader.</param>
    /// <param name="epoch">The epoch led.</param>
    /// <param name="terms">How long an echo counts.</param>
    /// <param name="clock">See <see cref="BitArk.Storage.Clocks.BootClock"/>.</param>
    /// <param name="beatNow">Asks for a heartbeat to each follower, unless one was sent since that time; outside of any lock.</param>
    public LeaderGate(ReplicaSet replicas, NodeId self, Epoch epoch, LeaseTerms terms, TimeProvider clock, Action<TimeSpan> beatNow)
    {
        _clock = clock;
        _lease = new LeaderLease(replicas, self, epoch, terms);
        _patience = terms.Length;
        _beatNow = beatNow;
        _heldUntil = _lease.HeldUntil.Ticks;
    }

    /// <summary>Its clock's time: what heartbeats note when they are sent.</summary>
    public TimeSpan Now => _clock.Elapsed();

    /// <summary>Whether a read that has looked already may be answered now, and a write be taken.</summary>
    public bool IsHeld => !_isOver && Now.Ticks < Volatile.Read(ref _heldUntil);

    /// <summary>A follower echoed a heartbeat; see <see cref="LeaderLease.OnEcho"/>.</summary>
    public void OnEcho(NodeId node, Epoch epoch, bool isLearner, TimeSpan sentAt)
    {
        TimeSpan? next = null;
        lock (_gate)
        {
            _lease.OnEcho(node, epoch, isLearner, sentAt);
            Volatile.Write(ref _heldUntil, _lease.HeldUntil.Ticks);
            if (_waiting.Count == 0 || _lease.ConfirmedAt is not { } confirmed)
                return;

            if (_waiting.RemoveAll(waiting => waiting.From <= confirmed && Answered(waiting)) > 0 && _waiting.Count > 0)
                next = _waiting[^1].From;
        }

        // Those that came while the round was under way share the next one: never more than one at a time, however many ask.
        if (next is { } since)
            _beatNow(since);
    }

    /// <summary>
    /// For a read that has looked while no lease was held: completes when a majority has echoed a heartbeat that was sent after this
    /// call. Until that was sent nobody else had begun to lead, so the look missed nothing. All that wait share one round. None waits
    /// longer than one lease: a leader that no majority has echoed for so long is cut off, and its callers should ask elsewhere.
    /// </summary>
    public async ValueTask<LeaseAnswer> ConfirmAsync(CancellationToken deadline)
    {
        var waiting = new Confirmation(Now);
        bool isFirst;
        lock (_gate)
        {
            if (_isOver)
                return LeaseAnswer.Over;
            isFirst = _waiting.Count == 0;
            _waiting.Add(waiting);
        }

        if (isFirst)
            _beatNow(waiting.From);
        try
        {
            return await waiting.Answer.Task.WaitAsync(_patience, _clock, deadline).ConfigureAwait(false) ? LeaseAnswer.Confirmed : LeaseAnswer.Over;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
                _waiting.Remove(waiting);
            return LeaseAnswer.NotInTime;
        }
    }

    /// <summary>The leadership is over. Before anybody is promised a higher epoch.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isOver = true;
            foreach (var waiting in _waiting)
                waiting.Answer.TrySetResult(false);
            _waiting.Clear();
        }
    }

    private static bool Answered(Confirmation waiting)
    {
        waiting.Answer.TrySetResult(true);
        return true;
    }

    private sealed class Confirmation(TimeSpan from)
    {
        public TimeSpan From => from;

        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
