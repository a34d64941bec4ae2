using System.Runtime.CompilerServices;

namespace BitArk.Storage.Memory;

/// <summary>
/// Blocks of native memory for the read sets with holes of one table, named by 40-bit references in units of 8 bytes.
/// One writer allocates, frees and changes; readers only <see cref="Resolve"/>, at any time, with any bits.
/// <para>
/// Small blocks of one size class share a <i>span</i> of 64-KiB pages; a span whose last block is freed gives its memory
/// back to the kernel, so read sets that all grow through the classes leave nothing behind. Free blocks of a span are
/// chained through their first two bytes.
/// </para>
/// </summary>
internal sealed unsafe partial class Slab : IDisposable
{
    /// <summary>The largest block.</summary>
    public const int MaxBlockBytes = 1 << 30;

    internal const int PageBytes = 64 << 10;
    internal const int PagesPerUnit = (int)(ArenaExtent.UnitBytes / PageBytes);
    private const int RefShift = 3;
    private const int UnitRefBits = 26 - RefShift;
    private const int PageRefBits = 16 - RefShift;
    private const long RefMask = (1L << 40) - 1;
    private const int MaxUnits = 1 << (40 - UnitRefBits);

    private readonly NativeArena _arena = new(PageBytes, hugePages: true);
    private readonly long* _directory;
    private readonly byte* _nowhere;
    private readonly List<TrackedRegion> _regionOfUnit = [];
    private readonly List<int> _firstUnitOfUnit = [];
    private SlabPage[] _pages = [];
    private readonly int[] _partial = new int[SizeClasses.Count];
    private int _spans;
    private long _touchedBytes;

    public Slab()
    {
        // One word per possible unit, and behind it readable zeros for references that lead nowhere. Untouched parts cost nothing.
        _directory = (long*)Mmap.Map((MaxUnits * sizeof(long)) + Mmap.PageBytes);
        _nowhere = (byte*)(_directory + MaxUnits);
    }

    /// <summary>Bytes of memory that blocks, live or free, have touched. Any thread.</summary>
    public long MemoryBytes => Volatile.Read(ref _touchedBytes);

    /// <summary>The bytes that a request of this size really gets, all usable.</summary>
    public static int RoundUp(int bytes) => SizeClasses.RoundUp(bytes);

    /// <summary>Takes a block and returns its reference: 1 … 2^40-1. Contents undefined. Writer only.</summary>
    public long Allocate(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        return bytes <= SizeClasses.MaxSharedBytes ? AllocateShared(SizeClasses.IndexOf(bytes)) : AllocateAlone(SizeClasses.RoundUp(bytes));
    }

    /// <summary>Gives a block back; <paramref name="bytes"/> rounds to the same size as at its allocation. Its memory stays readable. Writer only.</summary>
    public void Free(long blockRef, int bytes)
    {
        var index = checked((int)(blockRef >> PageRefBits));
        var first = _pages[index].First;
        ref var page = ref _pages[first];
        var sizeClass = bytes <= SizeClasses.MaxSharedBytes ? SizeClasses.IndexOf(bytes) : SlabPage.Alone;
        if (page.SizeClass != sizeClass)
        {
            throw new InvalidOperationException($"Block {blockRef} was freed with {bytes} bytes, but its span has class {page.SizeClass}.");
        }

        if (sizeClass == SlabPage.Alone)
        {
            Release(first, page.Pages, page.Bytes);
            return;
        }

        FreeShared(ref page, first, (int)((blockRef - ((long)first << PageRefBits)) << RefShift) / SizeClasses.SizeOf(sizeClass));
    }

    /// <summary>
    /// The address of a block: for any 40 bits always a readable one, with at least 64 readable bytes behind it.
    /// <paramref name="available"/> is how many there are. Any thread; never throws.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Resolve(long blockRef, out int available)
    {
        blockRef &= RefMask;

        // One word, so that a reader beside the writer can't see half of a change: the address of the unit (a multiple
        // of 64 MiB) and in its low bits the units from here to the end of the mapping.
        var word = _directory[blockRef >> UnitRefBits];
        if (word == 0)
        {
            available = 64;
            return _nowhere;
        }

        var offset = (blockRef << RefShift) & (ArenaExtent.UnitBytes - 1);
        var units = word & (ArenaExtent.UnitBytes - 1);
        available = (int)Math.Min(int.MaxValue, (units * ArenaExtent.UnitBytes) - offset + 64);
        return (byte*)(word - units) + offset;
    }

    /// <summary>Must precede every change of these bytes of a live block, also right after its allocation: a running snapshot copies them first. Writer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeforeWrite(long blockRef, int offset, int length)
    {
        if (_capture is not null)
        {
            var unit = (int)(blockRef >> UnitRefBits);
            var region = _regionOfUnit[unit];
            region.BeforeWrite(OffsetIn(unit, blockRef) + offset, length);
        }
    }

    public void Dispose()
    {
        _arena.Dispose();
        Mmap.Unmap((byte*)_directory, (MaxUnits * sizeof(long)) + Mmap.PageBytes);
    }

    private int PageCount => _regionOfUnit.Count * PagesPerUnit;

    private long OffsetIn(int unit, long blockRef) => (blockRef << RefShift) - (_firstUnitOfUnit[unit] * ArenaExtent.UnitBytes);

    private ArenaExtent AddExtent(int units)
    {
        var first = _regionOfUnit.Count;
        if (first + units > MaxUnits)
        {
            throw new InsufficientMemoryException("A slab holds at most 8 TiB.");
        }

        var extent = _arena.AddExtent(units);
        var region = new TrackedRegion(extent.Address, extent.Bytes);
        if (_pages.Length < (first + units) * PagesPerUnit)
        {
            // An eighth more than needed, so that a slab that grows extent by extent copies each page's record a few times only.
            Array.Resize(ref _pages, Math.Min(MaxUnits, first + units + (first / 8)) * PagesPerUnit);
        }

        for (var unit = 0; unit < units; unit++)
        {
            _regionOfUnit.Add(region);
            _firstUnitOfUnit.Add(first);
            Volatile.Write(ref _directory[first + unit], (long)(extent.Address + (unit * ArenaExtent.UnitBytes)) + units - unit);
        }

        return extent;
    }
}
