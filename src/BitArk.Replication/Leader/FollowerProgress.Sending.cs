namespace BitArk.Replication.Leader;

/// <summary>What the leader sends.</summary>
public sealed partial class FollowerProgress
{
    /// <summary>What to send now; null: nothing. Ask after every hint, ack, nack and tick until it says null.</summary>
    /// <param name="writtenLsn">The end of the leader's durable log: nothing behind it is shipped.</param>
    /// <param name="commitLsn">What the commit rule calls safe.</param>
    /// <param name="now">Now.</param>
    public ShipmentRequest? NextShipment(Lsn writtenLsn, Lsn commitLsn, TimeSpan now)
    {
        _lag.Observe(writtenLsn, MatchedLsn, now);
        if (NextLsn is not { } next || IsDead(now))
            return null;

        if (writtenLsn.BytesSince(next) <= (IsCatchingUp ? _settings.BatchBytes : 0))
            (IsCatchingUp, _fullSince) = (false, null);
        if (next >= writtenLsn)
            return commitLsn > _shippedCommit ? new ShipmentRequest(next, 0, 0) : null;
        if (_window.RoomBytes == 0 || _window.RoomRecords == 0)
        {
            _fullSince ??= now;
            IsCatchingUp |= IsFullTooLong(now);
            return null;
        }

        // While it catches up, the disk is read in few larger steps, and only when the follower has room for one.
        return IsCatchingUp && !_window.IsHalfFree ? null : new ShipmentRequest(next, _window.RoomBytes, _window.RoomRecords);
    }

    /// <summary>Call before a batch is sent.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends, as the position of the next record.</param>
    /// <param name="bytes">Its length; 0 when only the commit has moved.</param>
    /// <param name="records">Its records.</param>
    /// <param name="commitLsn">The commit it carries.</param>
    /// <param name="now">Now.</param>
    /// <returns>False: meanwhile something else is to be sent next. Drop it and ask again.</returns>
    public bool Shipped(Lsn start, Lsn end, int bytes, int records, Lsn commitLsn, TimeSpan now)
    {
        if (NextLsn != start)
            return false;

        _shippedCommit = Lsn.Max(_shippedCommit, commitLsn);
        if (bytes == 0)
            return true;
        if (_window.IsEmpty && !_window.IsNarrow)
            Rearm(now);
        else if (_retryAt <= now)
            BackOff(now);
        _window.Add(end, bytes, records);
        NextLsn = end;
        return true;
    }

    /// <summary>
    /// Repairs what was lost without a word, batches and acks alike: call it a few times in each
    /// <see cref="ReplicationSettings.RetryFirst"/>, and ask for the next shipment after it.
    /// </summary>
    public TickAction OnTick(TimeSpan now)
    {
        IsCatchingUp |= IsFullTooLong(now);
        if (now < _retryAt || (!_mustAsk && _window.IsEmpty))
            return TickAction.None;

        BackOff(now);
        if (_mustAsk)
            return TickAction.AskToPull;
        _wentBackTo = null;
        _window.GoBackTo(Lsn.Zero);
        _window.IsNarrow = true;
        NextLsn = _window.Base;
        return TickAction.Ship;
    }

    /// <summary>
    /// The log at <see cref="NextLsn"/> is gone. The follower cannot know: the next tick says that it has to be asked to pull,
    /// and so do later ones until it does. Its question is answered with a full sync.
    /// </summary>
    public void NotRetained()
    {
        StopStreaming(FollowerState.Probing);
        _mustAsk = true;
        _retries = 0;
        _retryAt = TimeSpan.MinValue;
    }

    private bool IsFullTooLong(TimeSpan now) => now - _fullSince >= _settings.SlowAfter;
}
