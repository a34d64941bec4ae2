using Akka.Actor;
using BitArk.Cluster.Log;
using BitArk.Cluster.Partitions;
using BitArk.Storage.Disk;
using BitArk.Storage.Replica;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Bitmap;

// Applying from the log itself: at a follower everything, at a leader the tail it inherited.
internal sealed partial class BitmapActor
{
    /// <summary>About a millisecond of applying: what a read that asks, or a snapshot, waits longer at most.</summary>
    private const int SliceBytes = 256 << 10;
    private const int LongestCut = 1000;
    private static readonly TimeSpan WhileCut = TimeSpan.FromMilliseconds(5);
    private int _seenCut;

    private readonly LogReader _log;
    private readonly LogEpochs _epochs;
    private readonly ReadRetries _retries;
    private Lsn _applyUpTo;
    private bool _applyQueued;

    private void OnApplyUpTo(BitmapProtocol.ApplyUpTo apply)
    {
        if (apply.CommitLsn > _status.CommitLsn)
            _status.CommitLsn = apply.CommitLsn;
        _applyUpTo = Lsn.Max(_applyUpTo, apply.CommitLsn);
        if (!_applyQueued)
            OnApplyMore();
    }

    private void OnApplyMore()
    {
        _applyQueued = false;
        if (_quorum is not null)
        {
            ApplyCommitted();
            return;
        }

        if (_state.LastAppliedLsn >= _applyUpTo || !TryApplySlice(_applyUpTo))
            return;

        _status.Waiters.Applied(_state.LastAppliedLsn);
        ReportMemory();
        CopySome(CopiedPerBatchBytes);
        if (_state.LastAppliedLsn < _applyUpTo)
        {
            _applyQueued = true;
            Self.Tell(BitmapProtocol.ApplyMore.Instance, ActorRefs.NoSender);
        }
    }

    // What was asked for before stands in front of this in the mailbox, or is left in _applyUpTo: other records may soon be there.
    private void OnHoldAt(BitmapProtocol.HoldAt hold)
    {
        _applyUpTo = Lsn.Min(_applyUpTo, hold.To);
        Sender.Tell(new BitmapProtocol.Held(hold.Nonce, _state.LastAppliedLsn));
    }

    // False: the rest waits for the disk, and comes back by itself.
    private bool ApplyFromLog(Lsn upTo)
    {
        while (_state.LastAppliedLsn < upTo)
        {
            if (_applyQueued || !TryApplySlice(upTo))
                return false;
        }

        return true;
    }

    private bool TryApplySlice(Lsn upTo)
    {
        try
        {
            if (!ApplySlice(upTo))
            {
                if (++_seenCut > LongestCut)
                    throw new InvalidOperationException($"the log cannot be read at {_state.LastAppliedLsn}, although it is committed up to {upTo}");
                Retry(WhileCut);
                return false;
            }

            _seenCut = 0;
            _retries.Succeeded();
            return true;
        }
        catch (DiskException e)
        {
            Retry(_retries.Failed(e, "to apply what is committed"));
            return false;
        }
    }

    private void Retry(TimeSpan after)
    {
        _applyQueued = true;
        Timers.StartSingleTimer("apply", BitmapProtocol.ApplyMore.Instance, after);
    }

    // False: what lies behind is being cut away, and a reader that would cross the cut sees the end there.
    private bool ApplySlice(Lsn upTo)
    {
        var from = _state.LastAppliedLsn;
        var limit = BeginEpochAt(from, upTo);

        // A checksum is asked for at the end of a record; a position inside one is answered behind it.
        var read = _log.Read(from, Lsn.Min(limit, NextDigest(from)), SliceBytes, int.MaxValue);
        if (read is LogReadResult.AtEnd)
            read = _log.Read(from, limit, SliceBytes, int.MaxValue);
        if (read is LogReadResult.AtEnd)
            return false;
        if (read is not LogReadResult.Range range)
            throw new InvalidOperationException($"the log cannot be read at {from}, although it is committed up to {upTo}: {read}");

        _state.ApplyShipped(range.Bytes.Span, range.Start);
        AnswerDigests();
        return true;
    }

    // A slice ends where the next epoch begins, so that the epochs are published before anything of them is applied.
    private Lsn BeginEpochAt(Lsn from, Lsn upTo)
    {
        foreach (var entry in _epochs.Entries)
        {
            if (entry.First > from)
                return Lsn.Min(entry.First, upTo);
            if (entry.First == from)
                PublishEpoch(entry);
        }

        return upTo;
    }

    private void PublishEpoch(EpochEntry entry)
    {
        if (entry.Epoch > _state.Epochs.Last)
            _status.History = new AppliedHistory(entry.Epoch, [.. _state.Epochs.Entries, entry]);
    }
}
