namespace BitArk.Storage.Memory;

// Spans: which pages hold blocks of which size. Writer only.
internal sealed unsafe partial class Slab
{
    // Blocks above 8 KiB share spans of 512 KiB, so that what does not divide evenly stays a few percent.
    private const int SmallBlockBytes = 8 << 10;

    private long AllocateShared(int sizeClass)
    {
        var index = _partial[sizeClass] - 1;
        if (index < 0)
        {
            index = AddSpan(sizeClass);
        }

        ref var page = ref _pages[index];
        var size = SizeClasses.SizeOf(sizeClass);
        var block = page.Free;
        if (block != SlabPage.NoBlock)
        {
            page.Free = *(ushort*)BlockAddress(index, block, size);
        }
        else
        {
            block = page.Touched++;
            Volatile.Write(ref _touchedBytes, _touchedBytes + size);
        }

        if (++page.Used == CapacityOf(page.Pages, size))
        {
            Unlink(ref page, sizeClass);
        }

        return RefOf(index, block, size);
    }

    private long AllocateAlone(int bytes)
    {
        var pages = (bytes + PageBytes - 1) / PageBytes;
        var first = TakePages(pages);
        InitialiseSpan(first, pages, SlabPage.Alone);
        _pages[first].Used = 1;
        _pages[first].Bytes = bytes;
        Volatile.Write(ref _touchedBytes, _touchedBytes + bytes);
        return (long)first << PageRefBits;
    }

    private void FreeShared(ref SlabPage page, int first, int block)
    {
        var sizeClass = page.SizeClass;
        var size = SizeClasses.SizeOf(sizeClass);
        if (page.Used == CapacityOf(page.Pages, size))
        {
            Link(ref page, first, sizeClass);
        }

        // The last span of its class is kept, so that one set going to and fro costs no system calls.
        if (--page.Used == 0 && (page.Next != 0 || page.Previous != 0))
        {
            Unlink(ref page, sizeClass);
            Release(first, page.Pages, (long)page.Touched * size);
            return;
        }

        BeforeWrite(RefOf(first, block, size), 0, sizeof(ushort));
        *(ushort*)BlockAddress(first, block, size) = page.Free;
        page.Free = (ushort)block;
    }

    private int AddSpan(int sizeClass)
    {
        var pages = PagesOfSpan(sizeClass);
        var first = TakePages(pages);
        InitialiseSpan(first, pages, (ushort)sizeClass);
        Link(ref _pages[first], first, sizeClass);
        return first;
    }

    private void InitialiseSpan(int first, int pages, ushort sizeClass)
    {
        _spans++;
        _pages[first] = new SlabPage { SizeClass = sizeClass, Free = SlabPage.NoBlock, Pages = pages };
        for (var page = first; page < first + pages; page++)
        {
            _pages[page].First = first;
        }
    }

    private int TakePages(int pages)
    {
        var first = 0;
        foreach (var extent in _arena.Extents)
        {
            var start = extent.TryTake(pages);
            if (start >= 0)
            {
                return first + start;
            }

            first += extent.PageCount;
        }

        // Page 0 is never handed out: its first reference would be 0, which means "no block".
        var reserved = first == 0 ? 1 : 0;
        var added = AddExtent((pages + reserved + PagesPerUnit - 1) / PagesPerUnit);
        if (reserved > 0)
        {
            added.Take(0, reserved);
        }

        return first + added.TryTake(pages);
    }

    private void Release(int first, int pages, long touchedBytes)
    {
        _spans--;
        _pages[first].Pages = 0;
        Volatile.Write(ref _touchedBytes, _touchedBytes - touchedBytes);
        var unit = first / PagesPerUnit;
        var region = _regionOfUnit[unit];
        var offset = ((long)first * PageBytes) - (_firstUnitOfUnit[unit] * ArenaExtent.UnitBytes);
        var run = new PageRun(ExtentOf(unit), (int)(offset / PageBytes), pages);

        // Pending bytes must outlive the block until the snapshot has them; those pages stay resident and are used again. All of the pages count, not only
        // what this span has touched: blocks of a span that was here before may wait behind it.
        _arena.Free(run, discard: !region.IsPending(offset, (long)pages * PageBytes));
    }

    private ArenaExtent ExtentOf(int unit)
    {
        var address = _regionOfUnit[unit].Address;
        foreach (var extent in _arena.Extents)
        {
            if (extent.Address == address)
            {
                return extent;
            }
        }

        throw new InvalidOperationException($"Unit {unit} has no extent.");
    }

    private void Link(ref SlabPage page, int first, int sizeClass)
    {
        page.Previous = 0;
        page.Next = _partial[sizeClass];
        if (page.Next != 0)
        {
            _pages[page.Next - 1].Previous = first + 1;
        }

        _partial[sizeClass] = first + 1;
    }

    private void Unlink(ref SlabPage page, int sizeClass)
    {
        if (page.Next != 0)
        {
            _pages[page.Next - 1].Previous = page.Previous;
        }

        if (page.Previous != 0)
        {
            _pages[page.Previous - 1].Next = page.Next;
        }
        else
        {
            _partial[sizeClass] = page.Next;
        }

        page.Next = page.Previous = 0;
    }

    internal static int PagesOfSpan(int sizeClass) => SizeClasses.SizeOf(sizeClass) <= SmallBlockBytes ? 1 : 8;

    internal static int CapacityOf(int pages, int size) => pages * PageBytes / size;

    private static long RefOf(int page, int block, int size) => ((long)page << PageRefBits) + (((long)block * size) >> RefShift);

    private byte* BlockAddress(int page, int block, int size) => Resolve(RefOf(page, block, size), out _);
}
