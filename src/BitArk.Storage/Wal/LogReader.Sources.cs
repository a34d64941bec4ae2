using BitArk.Storage.Disk;

namespace BitArk.Storage.Wal;

// Where the bytes come from: the tail in memory, or the segment's file.
public sealed partial class LogReader
{
    private LogReadResult ReadFile(in Window window)
    {
        try
        {
            OpenSegment(_geometry.SegmentIndex(window.From));
            return TryRead(window, isFromMemory: false)!;
        }
        catch (DiskException gone) when (gone.IsMissing)
        {
            return NotRetained();
        }
        catch (DiskException bad) when (bad.IsDeviceError)
        {
            return Damaged(window.From, bad.Message);
        }
    }

    // Null: from memory only, when the bytes are not there or do not read as records; the file tells what is true.
    private LogReadResult? TryRead(in Window window, bool isFromMemory)
    {
        var wanted = window.Wanted;
        while (true)
        {
            var buffer = BufferOf(wanted).Span;
            var filled = isFromMemory ? _log.TryCopyTail(window.From, buffer) : _file!.Read(_geometry.SegmentOffset(window.From), buffer);
            if (filled < wanted)
                return isFromMemory ? null : Damaged(window.From, "the file ends before its records do");
            var walked = Walk(window, filled, isFromMemory, out var needed);
            if (needed <= wanted)
                return isFromMemory && walked is LogReadResult.Damaged ? null : walked;
            wanted = needed;
        }
    }

    private void OpenSegment(long index)
    {
        var cuts = _log.Cuts;
        if (_file is not null && _fileIndex == index && _fileCuts == cuts)
            return;
        Dispose();
        _file = _disk.Open(PathOf(index), DiskOpenMode.Read);
        // Another file may have taken this name since the cut; the one that was open would show what is gone.
        (_fileIndex, _fileCuts) = (index, cuts);
    }

    private string PathOf(long index) => Path.Combine(_directory, LogGeometry.SegmentName(index));

    private LogReadResult.Damaged Damaged(Lsn lsn, string reason) => new(lsn, PathOf(_geometry.SegmentIndex(lsn)), reason);
}
