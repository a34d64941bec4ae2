using System.Numerics;

namespace BitArk.Storage.Memory;

/// <summary>One mapping of an arena: a whole number of units of 64 MiB, cut into equal pages that are handed out in runs. Writer only.</summary>
internal sealed unsafe class ArenaExtent
{
    /// <summary>Extents begin at a multiple of this and are as long as a multiple of it.</summary>
    public const long UnitBytes = 64L << 20;

    /// <summary>Readable bytes behind every extent, so that a reader led astray by bytes that change under it may look a little too far.</summary>
    public const int GuardBytes = Mmap.PageBytes;

    private readonly ulong[] _free;
    private int _noRunOf = int.MaxValue;

    public ArenaExtent(int units, int pageBytes)
    {
        Units = units;
        PageCount = (int)(units * UnitBytes / pageBytes);
        Address = Mmap.MapAligned(Bytes + GuardBytes, UnitBytes);
        _free = new ulong[PageCount / 64];
        Array.Fill(_free, ulong.MaxValue);
    }

    public byte* Address { get; }

    public int Units { get; }

    public long Bytes => Units * UnitBytes;

    public int PageCount { get; }

    /// <summary>Takes the first run of free pages that is long enough; -1 if there is none.</summary>
    public int TryTake(int pages)
    {
        if (pages >= _noRunOf)
        {
            return -1;
        }

        var start = FindRun(pages);
        if (start < 0)
        {
            _noRunOf = pages;
            return -1;
        }

        Set(start, pages, free: false);
        return start;
    }

    /// <summary>Takes exactly this run; for rebuilding an extent as a snapshot describes it.</summary>
    public void Take(int start, int pages) => Set(start, pages, free: false);

    public void Give(int start, int pages)
    {
        Set(start, pages, free: true);
        _noRunOf = int.MaxValue;
    }

    public void Unmap() => Mmap.Unmap(Address, Bytes + GuardBytes);

    private int FindRun(int pages)
    {
        int start = 0, length = 0;
        for (var word = 0; word < _free.Length; word++)
        {
            var bits = _free[word];
            if (bits == ulong.MaxValue)
            {
                length += 64;
                if (length >= pages)
                {
                    return start;
                }

                continue;
            }

            // Alternating runs of ones (free) and zeros (taken), from the lowest bit up.
            for (var position = 0; position < 64;)
            {
                var ones = Math.Min(64 - position, BitOperations.TrailingZeroCount(~(bits >> position)));
                length += ones;
                if (length >= pages)
                {
                    return start;
                }

                position += ones;
                if (position < 64)
                {
                    position += Math.Min(64 - position, BitOperations.TrailingZeroCount(bits >> position));
                    start = (word * 64) + position;
                    length = 0;
                }
            }
        }

        return -1;
    }

    private void Set(int start, int pages, bool free)
    {
        for (int page = start, end = start + pages; page < end;)
        {
            var bit = page & 63;
            var count = Math.Min(64 - bit, end - page);
            var mask = (count == 64 ? ulong.MaxValue : (1UL << count) - 1) << bit;
            ref var word = ref _free[page >> 6];
            if ((free ? word & mask : ~word & mask) != 0)
            {
                throw new InvalidOperationException(free ? "A run of pages was freed twice." : "A run of pages was taken twice.");
            }

            word ^= mask;
            page += count;
        }
    }
}
