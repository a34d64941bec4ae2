using BitArk.Cluster.Writes;
using BitArk.Replication.Leader;
using BitArk.Storage.Wal;

namespace BitArk.Cluster.Bitmap;

// At the leader: batches that are durable here wait until the commit rule covers them.
internal sealed partial class BitmapActor
{
    private readonly Queue<WrittenBatch> _written = new();
    private int _nextWrite;
    private Epoch _epoch;
    private QuorumTracker? _quorum;

    private void OnLead(BitmapProtocol.Lead lead)
    {
        RefuseQueued(SteppedDown);
        _epoch = lead.Epoch;
        _quorum = new QuorumTracker(lead.Replicas, lead.Self, lead.Rule, lead.Epoch, _state.LastAppliedLsn, lead.IsAlone);
    }

    private void OnStepDown(BitmapProtocol.StepDown stepDown)
    {
        if (stepDown.Epoch < _epoch)
            return;

        _quorum = null;
        RefuseQueued(SteppedDown);
    }

    private void OnBatch(WrittenBatch batch)
    {
        if (_quorum is null)
        {
            RefuseFrom(batch, 0, SteppedDown);
            return;
        }

        _written.Enqueue(batch);
        if (batch.Writes is [{ Type: RecordType.EpochStart } begin, ..])
            _quorum.EpochStartAppended(begin.End);
        _quorum.OnWritten(batch.End);
        ApplyCommitted();
    }

    private void OnAcked(BitmapProtocol.Acked acked)
    {
        if (_quorum is null)
            return;

        _quorum.OnAck(acked.Ack);
        ApplyCommitted();
    }

    private void ApplyCommitted()
    {
        var commit = _quorum!.CommitLsn;
        if (commit <= _state.LastAppliedLsn)
            return;

        _status.CommitLsn = commit;
        while (_written.TryPeek(out var batch) && batch.Start < commit)
        {
            // What the log holds of earlier epochs, between the checkpoint and this epoch's beginning, has no caller.
            if (_state.LastAppliedLsn < batch.Start && _nextWrite == 0 && !ApplyFromLog(batch.Start))
                break;
            if (!ApplyUntil(batch, Lsn.Min(commit, batch.End)))
                break;
        }

        _status.Waiters.Applied(_state.LastAppliedLsn);
        _status.Feed.Nudge();
        ReportMemory();
        CopySome(CopiedPerBatchBytes);
    }

    // True: the whole batch is applied and gone.
    private bool ApplyUntil(WrittenBatch batch, Lsn limit)
    {
        if (limit <= _state.LastAppliedLsn)
            return false;

        PublishEpoch(new EpochEntry(_epoch, batch.Start));
        _state.BeginBatch(limit);
        while (_nextWrite < batch.Writes.Count && batch.Writes[_nextWrite].End <= limit)
        {
            Apply(batch.Writes[_nextWrite]);
            // It is answered: counted before anything else can fail, and refuse it again.
            _nextWrite++;
            AnswerDigests();
        }

        if (limit < batch.End)
            return false;

        // A pad behind the last record belongs to the batch, too.
        if (_state.LastAppliedLsn < batch.End)
            _state.ApplyPad(_state.LastAppliedLsn, batch.End, _epoch);
        _written.Dequeue();
        _nextWrite = 0;
        _batches.Return(batch);
        return true;
    }

    // Ends whoever still waits for a commit. Their records stay in the log: a later leader may commit them.
    private void RefuseQueued(Func<WriteOutcome> outcome)
    {
        while (_written.TryDequeue(out var batch))
        {
            RefuseFrom(batch, _nextWrite, outcome);
            _nextWrite = 0;
        }
    }

    private static WriteOutcome SteppedDown() => new WriteOutcome.OutcomeUnknown("the leadership ended before the write was known to be committed");
}
