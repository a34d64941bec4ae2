using Akka.Actor;
using Akka.Event;

namespace BitArk.Cluster.Log;

// Off the commit path: the durable mark, written every 100 ms while the log grows and once when it stopped, and the disk's free space.
internal sealed partial class WalActor
{
    // Each look takes a thread for a moment: an idle log needs it once a second.
    private const int IdleTicksBetweenLooks = 10;

    private (Lsn Written, Lsn Safe) _marked;
    private (Lsn Written, Lsn Safe) _marking;
    private long _tidyAttempt;
    private bool _tidyUnderWay;
    private int _idleTicks;

    // What the commit rule calls safe; a lone replica's disk is its quorum.
    private Lsn SafeLsn => _status.Settings.ReplicationFactor == 1 ? _log.WrittenLsn : _status.CommitLsn;

    private void OnTick(WalProtocol.Tick tick)
    {
        if (_ticksToTry > 0)
            _ticksToTry--;

        AskForSpare();
        if (_tidyUnderWay)
            return;

        var now = (_log.WrittenLsn, SafeLsn);
        var isIdle = now == _marked && !_space.IsLow;
        if (isIdle && ++_idleTicks < IdleTicksBetweenLooks)
            return;

        _idleTicks = 0;
        _tidyUnderWay = true;
        _marking = now;
        var attempt = ++_tidyAttempt;
        var (log, safe, isBehind, freeBytes) = (_log, _marking.Safe, _marking != _marked, _freeBytes);
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                if (isBehind)
                    log.WriteMark(safe);

                return new WalProtocol.Tidied(attempt, freeBytes());
            }
            catch (Exception e)
            {
                return new WalProtocol.TidyFailed(attempt, e);
            }
        }).PipeTo(Self);
    }

    private void OnTidied(WalProtocol.Tidied tidied)
    {
        if (tidied.Attempt != _tidyAttempt)
            return;

        _tidyUnderWay = false;
        _marked = _marking;
        _space.Observe(tidied.FreeBytes);
        PublishSpace();
        AskForSpare();
    }

    private void OnTidyFailed(WalProtocol.TidyFailed failed)
    {
        if (failed.Attempt == _tidyAttempt)
            Break(failed.Cause.Message);
    }
}
