using System.Numerics;

namespace BitArk.Storage.Memory;

/// <summary>
/// A range of native memory that a point-in-time snapshot can copy while its single writer goes on changing it: one
/// pending bit per granule of 512 bytes. The writer calls <see cref="BeforeWrite"/> before it changes any byte; without
/// a running snapshot that is one comparison. The bits belong to the writer: no other thread looks at them.
/// </summary>
internal sealed unsafe class TrackedRegion(byte* address, long bytes)
{
    public const int GranuleBytes = 512;
    private const int GranuleShift = 9;

    // Made with the region, so that the beginning of a capture allocates nothing per region.
    private readonly ulong[] _pending = new ulong[((bytes >> GranuleShift) + 63) >> 6];
    private SnapshotCapture? _capture;
    private Action? _release;

    public byte* Address { get; } = address;

    /// <summary>A multiple of the granule.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>The region's number in the running capture.</summary>
    public int Id { get; private set; } = -1;

    public int PendingGranules { get; private set; }

    /// <summary>Must precede every change of these bytes.</summary>
    public void BeforeWrite(long offset, long length)
    {
        if (_capture is not null && length > 0)
        {
            _capture.CopyBeforeWrite(this, offset, length);
        }
    }

    /// <summary>Whether any granule of the range still waits to be copied.</summary>
    public bool IsPending(long offset, long length)
    {
        if (_capture is null || length <= 0)
        {
            return false;
        }

        var first = offset >> GranuleShift;
        return NextPending(first) <= (offset + length - 1) >> GranuleShift;
    }

    /// <summary>The region is not used any more: <paramref name="release"/> runs as soon as no snapshot needs its bytes, perhaps now.</summary>
    public void Retire(Action release)
    {
        if (_capture is null)
        {
            release();
        }
        else
        {
            _release = release;
        }
    }

    /// <summary>Joins a capture. The granules follow with <see cref="MarkPending"/>.</summary>
    internal void Join(SnapshotCapture capture, int id)
    {
        _capture = capture;
        Id = id;
    }

    /// <summary>Flags the granules that a range touches.</summary>
    internal void MarkPending(long offset, long length)
    {
        if (length <= 0)
        {
            return;
        }

        var last = (offset + length - 1) >> GranuleShift;
        for (var granule = offset >> GranuleShift; granule <= last;)
        {
            var count = (int)Math.Min(64 - (granule & 63), last - granule + 1);
            ref var word = ref _pending[granule >> 6];
            var mask = Mask((int)(granule & 63), count) & ~word;
            word |= mask;
            PendingGranules += BitOperations.PopCount(mask);
            granule += count;
        }
    }

    /// <summary>The first pending granule at or after <paramref name="granule"/>; beyond the region when there is none.</summary>
    internal long NextPending(long granule)
    {
        var words = _pending;
        for (var word = granule >> 6; word < words.Length; word++)
        {
            var bits = words[word];
            if (word == granule >> 6)
            {
                bits &= ulong.MaxValue << (int)(granule & 63);
            }

            if (bits != 0)
            {
                return (word << 6) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return long.MaxValue >> GranuleShift;
    }

    /// <summary>How many granules from here on, at most <paramref name="most"/>, are pending without a gap.</summary>
    internal int PendingRun(long granule, int most)
    {
        var run = 0;
        while (run < most)
        {
            var bit = (int)((granule + run) & 63);
            var word = (granule + run) >> 6;
            var ones = word < _pending.Length ? BitOperations.TrailingZeroCount(~(_pending[word] >> bit)) : 0;
            ones = Math.Min(ones, 64 - bit);
            run += ones;
            if (bit + ones < 64)
            {
                break;
            }
        }

        return Math.Min(run, most);
    }

    /// <summary>Clears a run of pending granules that has been copied; the last one ends the region's part in the capture.</summary>
    internal void Copied(long granule, int count)
    {
        PendingGranules -= count;
        while (count > 0)
        {
            var some = (int)Math.Min(64 - (granule & 63), count);
            _pending[granule >> 6] &= ~Mask((int)(granule & 63), some);
            granule += some;
            count -= some;
        }

        if (PendingGranules == 0)
        {
            Leave();
        }
    }

    /// <summary>Leaves the capture, copied or not.</summary>
    internal void Leave()
    {
        if (PendingGranules > 0)
        {
            Array.Clear(_pending);
            PendingGranules = 0;
        }

        _capture = null;
        _release?.Invoke();
        _release = null;
    }

    private static ulong Mask(int bit, int count) => (count == 64 ? ulong.MaxValue : (1UL << count) - 1) << bit;
}
