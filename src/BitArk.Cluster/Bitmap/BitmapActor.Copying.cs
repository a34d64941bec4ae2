using Akka.Actor;
using BitArk.Storage.Memory;

namespace BitArk.Cluster.Bitmap;

// A snapshot's copying: some after every batch, more while there is nothing to apply, and a pause while its buffers wait for the disk.
internal sealed partial class BitmapActor
{
    /// <summary>About 50 us of copying: what a batch's callers wait longer at most.</summary>
    private const int CopiedPerBatchBytes = 512 << 10;

    private static readonly TimeSpan DrainerPause = TimeSpan.FromMilliseconds(2);

    private SnapshotCapture? _capture;
    private bool _copyQueued;

    private void OnBeginSnapshot(BitmapProtocol.BeginSnapshot begin)
    {
        try
        {
            var snapshot = _state.BeginSnapshot();
            _capture = snapshot.Capture;
            _capture.Patience = begin.Patience;
            Sender.Tell(new BitmapProtocol.SnapshotBegun(begin.Attempt, snapshot));
            QueueCopy();
        }
        catch (Exception e)
        {
            Sender.Tell(new BitmapProtocol.SnapshotRefused(begin.Attempt, e.Message));
            if (e is not (InvalidOperationException or OutOfMemoryException))
                throw;
        }
    }

    private void OnCopyMore()
    {
        _copyQueued = false;
        CopySome(CopiedPerBatchBytes);
        if (_capture is null)
            return;

        if (_capture.IsBackedUp)
            Timers.StartSingleTimer("copy", BitmapProtocol.CopyMore.Instance, DrainerPause);
        else
            QueueCopy();
    }

    private void CopySome(int bytes)
    {
        if (_capture is not null && _capture.CopySome(bytes))
            _capture = null;
    }

    private void QueueCopy()
    {
        if (_copyQueued)
            return;

        _copyQueued = true;
        Self.Tell(BitmapProtocol.CopyMore.Instance, ActorRefs.NoSender);
    }
}
