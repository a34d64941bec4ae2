using System.Diagnostics.CodeAnalysis;

namespace BitArk.Storage.Memory;

/// <summary>
/// A point-in-time copy of native memory, taken while its writer goes on. At its beginning every granule in use is
/// flagged pending; the writer copies a pending granule before changing it and the others in its pauses with
/// <see cref="CopySome"/>. What it copies lands in a bounded number of blocks that a drainer takes, writes and returns.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Writer and drainer share it and either may be the last: the buffers are freed when the last one is back.")]
public sealed unsafe partial class SnapshotCapture
{
    /// <summary>The buffers a capture may own by default, in bytes.</summary>
    public const long DefaultBufferBytes = 64L << 20;

    private readonly List<TrackedRegion> _regions = [];
    private readonly Action _ended;
    private int _region;
    private long _granule;
    private bool _copied;
    private volatile bool _aborted;

    /// <param name="bufferBytes">The memory that may hold copied bytes not yet drained; at least two blocks are used.</param>
    /// <param name="ended">Called once on the writer's thread when nothing is pending any more.</param>
    internal SnapshotCapture(long bufferBytes, Action ended)
    {
        _maxBlocks = (int)Math.Max(2, bufferBytes / CaptureBlock.MaxPayloadBytes);
        _memory = new CaptureMemory((long)_maxBlocks * CaptureBlock.MaxPayloadBytes);
        _ended = ended;
    }

    /// <summary>What the copied regions are: to be stored beside the blocks and handed to the restore.</summary>
    public ReadOnlyMemory<byte> Geometry { get; internal set; }

    /// <summary>Bytes that were in use when the capture began.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>Whether it was given up. Any thread.</summary>
    public bool IsAborted => _aborted;

    /// <summary>Whether it was aborted because the writer had waited for the drainer as long as <see cref="Patience"/> allows. Any thread, after <see cref="IsAborted"/>.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>How long the writer may wait for the drainer between two calls of <see cref="CopySome"/>; after that the capture is aborted. Set before it is drained.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How much of <see cref="Patience"/> is used up since the last call of <see cref="CopySome"/>. Writer only.</summary>
    internal TimeSpan Waited => _waited;

    /// <summary>Whether copying waits for the drainer: half of the buffers are full. Any thread.</summary>
    public bool IsBackedUp => _inUse > _maxBlocks / 2;

    /// <summary>Whether copies before writes have used half of what was left to them: soon the writer waits. Any thread.</summary>
    public bool IsUrgent => _inUse >= _maxBlocks - (_maxBlocks / 4);

    /// <summary>
    /// Copies up to <paramref name="maxBytes"/> of what is still pending; true when nothing is, or the capture was aborted. Stops early while half of
    /// the buffers wait for the drainer, so that copies before writes still find room. Writer only.
    /// </summary>
    public bool CopySome(int maxBytes)
    {
        if (_copied || EndIfAborted())
        {
            return true;
        }

        _waited = TimeSpan.Zero;
        for (long left = maxBytes; left > 0;)
        {
            if (!MoveToPending())
            {
                End();
                return true;
            }

            if (IsBackedUp)
            {
                return false;
            }

            var copied = CopyRun(_regions[_region], _granule, int.MaxValue);
            if (copied == 0)
            {
                // Aborted meanwhile, and ended there.
                return true;
            }

            left -= copied * (long)TrackedRegion.GranuleBytes;
        }

        return false;
    }

    /// <summary>Gives the capture up: the writer stops copying at its next step and nothing waits for the drainer any more. Any thread.</summary>
    public void Abort()
    {
        _aborted = true;
        WakeAll();
    }

    /// <summary>Aborts and ends it at once: no change waits for it or copies for it any more. Writer only.</summary>
    internal void GiveUp()
    {
        Abort();
        _ = CopySome(0);
    }

    internal int Add(TrackedRegion region)
    {
        region.Join(this, _regions.Count);
        _regions.Add(region);
        return region.Id;
    }

    /// <summary>Fixes what is pending; a region without anything in use leaves at once.</summary>
    internal void Start()
    {
        foreach (var region in _regions)
        {
            TotalBytes += region.PendingGranules * (long)TrackedRegion.GranuleBytes;
            if (region.PendingGranules == 0)
            {
                region.Leave();
            }
        }
    }

    internal void CopyBeforeWrite(TrackedRegion region, long offset, long length)
    {
        if (EndIfAborted())
        {
            return;
        }

        var last = (offset + length - 1) / TrackedRegion.GranuleBytes;
        var granule = region.NextPending(offset / TrackedRegion.GranuleBytes);
        while (granule <= last)
        {
            var copied = CopyRun(region, granule, (int)Math.Min(int.MaxValue, last - granule + 1));
            if (copied == 0 || region.PendingGranules == 0)
            {
                return;
            }

            granule = region.NextPending(granule + copied);
        }
    }

    // Copies the pending granules from here on, as many as the block being filled takes; 0 only after an abort.
    private int CopyRun(TrackedRegion region, long granule, int most)
    {
        var block = BlockWithRoom();
        if (block is null)
        {
            _ = EndIfAborted();
            return 0;
        }

        var room = (block.Room - CaptureBlock.ItemHeaderBytes) / TrackedRegion.GranuleBytes;
        var count = region.PendingRun(granule, Math.Min(most, room));
        var offset = granule * TrackedRegion.GranuleBytes;
        block.Add(region.Id, offset, new ReadOnlySpan<byte>(region.Address + offset, count * TrackedRegion.GranuleBytes));
        region.Copied(granule, count);
        return count;
    }

    private bool MoveToPending()
    {
        for (; _region < _regions.Count; _region++, _granule = 0)
        {
            if (_regions[_region].PendingGranules > 0)
            {
                _granule = _regions[_region].NextPending(_granule);
                return true;
            }
        }

        return false;
    }

    private bool EndIfAborted()
    {
        if (_aborted && !_copied)
        {
            foreach (var region in _regions)
            {
                region.Leave();
            }

            End();
        }

        return _aborted;
    }

    private void End()
    {
        _copied = true;
        _ended();
        FinishBlocks();
    }
}
