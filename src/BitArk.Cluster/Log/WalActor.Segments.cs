using Akka.Actor;
using Akka.Event;
using BitArk.Cluster.Writes;
using BitArk.Storage.Disk;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Log;

// The next segment: made in the background, long before it is needed, so that neither its zeros nor a full disk hold up a write.
internal sealed partial class WalActor
{
    private const int TicksBetweenTries = 5;

    // Linux's ENFILE and EMFILE.
    private const int TooManyOpenInSystem = 23;
    private const int TooManyOpen = 24;

    private readonly DiskSpace _space;
    private readonly Func<long> _freeBytes;
    private long _spareAttempt;
    private bool _spareUnderWay;
    private int _ticksToTry;

    // Nobody overtakes: a later, smaller write that would still fit waits behind.
    private void WaitForSegment(PendingWrite write)
    {
        FlushNow();
        AskForSpare();
        if (IsBroken)
        {
            End(write, new WriteOutcome.StorageFailed(_broken));
            return;
        }

        _waiting.Enqueue(write);
        if (!_spareUnderWay)
            RefuseWaiting();
    }

    private void AskForSpare()
    {
        if (IsBroken || _spareUnderWay || !_log.NeedsSpare || _ticksToTry > 0 || !_space.MayMakeSegment)
            return;

        _spareUnderWay = true;
        var attempt = ++_spareAttempt;
        var index = _log.SpareIndex;
        var factory = _log.Segments;
        _status.Jobs.Run<object>(() =>
        {
            try
            {
                return new WalProtocol.SpareMade(attempt, factory.Create(index));
            }
            catch (Exception e)
            {
                return new WalProtocol.SpareFailed(attempt, e);
            }
        }).PipeTo(Self);
    }

    private void OnSpareMade(WalProtocol.SpareMade made)
    {
        if (made.Attempt != _spareAttempt)
        {
            made.Segment.Dispose();
            return;
        }

        _spareUnderWay = false;
        _space.SegmentMade();
        PublishSpace();
        Guarded(() => _log.OfferSpare(made.Segment));
        AppendWaiting();
        AskForSpare();
    }

    private void OnSpareFailed(WalProtocol.SpareFailed failed)
    {
        if (failed.Attempt != _spareAttempt)
            return;

        _spareUnderWay = false;
        if (!IsPassing(failed.Cause))
        {
            Break(failed.Cause.Message);
            return;
        }

        _logger.Warning("Partition {0}: no room for the next log segment: {1}. Writes are refused until there is.", _status.Id, failed.Cause.Message);
        _space.SegmentRefused();
        _ticksToTry = TicksBetweenTries;
        PublishSpace();
        RefuseWaiting();
    }

    // No room, or no descriptor: nothing of the log was touched, and either comes back.
    private static bool IsPassing(Exception cause) =>
        cause is DiskException { IsDiskFull: true } or DiskException { Errno: TooManyOpenInSystem or TooManyOpen };

    // The record that begins the epoch stays: no write may come before it.
    private void RefuseWaiting()
    {
        for (var left = _waiting.Count; left > 0; left--)
        {
            var write = _waiting.Dequeue();
            if (write.Type == RecordType.EpochStart)
            {
                _waiting.Enqueue(write);
                Context.Parent.Tell(WalProtocol.EpochDelayed.Instance);
            }
            else
            {
                End(write, LowDisk());
            }
        }
    }

    private void AppendWaiting()
    {
        while (_waiting.TryPeek(out var write) && TryAppend(write))
            _waiting.TryDequeue(out _);

        FlushNow();
    }

    private WriteOutcome.DiskLow LowDisk() => new(_space.FreeBytes, _space.FloorBytes);

    private void PublishSpace()
    {
        if (_space.IsLow == _status.DiskLow is not null)
            return;

        _status.DiskLow = _space.IsLow ? LowDisk() : null;
        if (_space.IsLow)
            _logger.Warning("Partition {0}: {1} bytes free on the disk, {2} must stay: marks are refused.", _status.Id, _space.FreeBytes, _space.FloorBytes);
        else
            _logger.Info("Partition {0}: the disk has room again: marks are taken.", _status.Id);
    }
}
