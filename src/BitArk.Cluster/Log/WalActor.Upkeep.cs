using Akka.Actor;
using Akka.Event;

namespace BitArk.Cluster.Log;

// Off the commit path: the durable mark, written every 100 ms while the log grows and once when it stopped, and the disk's free space.
internal sealed partial class WalActor
{
    // Each look takes a thread for a moment: an idle log needs it once a second.
    private const int IdleTicksBetweenLooks = 10;

    private Lsn _markedLsn;
    private Lsn _markingLsn;
    private long _tidyAttempt;
    private bool _tidyUnderWay;
    private int _idleTicks;

    private void OnTick(WalProtocol.Tick tick)
    {
        if (_ticksToTry > 0)
            _ticksToTry--;

        AskForSpare();
        if (_tidyUnderWay)
            return;

        var isIdle = _log.WrittenLsn <= _markedLsn && !_space.IsLow;
        if (isIdle && ++_idleTicks < IdleTicksBetweenLooks)
            return;

        _idleTicks = 0;
        _tidyUnderWay = true;
        _markingLsn = _log.WrittenLsn;
        var attempt = ++_tidyAttempt;
        var (log, written, isBehind, freeBytes) = (_log, _markingLsn, _markingLsn > _markedLsn, _freeBytes);
        Background.Run<object>(() =>
        {
            try
            {
                if (isBehind)
                    log.WriteMark(written);

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
        _markedLsn = _markingLsn;
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
