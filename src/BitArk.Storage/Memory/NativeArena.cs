namespace BitArk.Storage.Memory;

/// <summary>
/// Native memory for one table, in runs of equal pages. Freed runs go back to the kernel, but their addresses stay mapped
/// while the arena lives and are used again: a reader that still holds one reads garbage, never a fault. One writer.
/// </summary>
internal sealed unsafe class NativeArena(int pageBytes, bool hugePages) : IDisposable
{
    private readonly List<ArenaExtent> _extents = [];
    private int _units;

    public int PageBytes { get; } = pageBytes;

    /// <summary>The extents, in the order of their units.</summary>
    public IReadOnlyList<ArenaExtent> Extents => _extents;

    /// <summary>Takes a run of pages, first fit, mapping a new extent when none has room. Contents undefined.</summary>
    public PageRun Allocate(int pages)
    {
        foreach (var extent in _extents)
        {
            var start = extent.TryTake(pages);
            if (start >= 0)
            {
                return new PageRun(extent, start, pages);
            }
        }

        var added = AddExtent((int)((((long)pages * PageBytes) + ArenaExtent.UnitBytes - 1) / ArenaExtent.UnitBytes));
        return new PageRun(added, added.TryTake(pages), pages);
    }

    /// <summary>Frees a run. <paramref name="discard"/> is false while a snapshot still has to copy from it.</summary>
    public void Free(PageRun run, bool discard)
    {
        if (discard)
        {
            Mmap.Discard(AddressOf(run), (long)run.Pages * PageBytes);
        }

        run.Extent.Give(run.Start, run.Pages);
    }

    public byte* AddressOf(PageRun run) => run.Extent.Address + ((long)run.Start * PageBytes);

    /// <summary>Maps one more extent of so many units.</summary>
    public ArenaExtent AddExtent(int units)
    {
        var extent = new ArenaExtent(units, PageBytes);
        if (hugePages)
        {
            // The first 2 MiB of an arena stay in small pages: a table with a handful of read sets costs kilobytes.
            var skip = _units == 0 ? Mmap.HugePageBytes : 0;
            Mmap.PreferHugePages(extent.Address + skip, extent.Bytes - skip);
        }

        _extents.Add(extent);
        _units += units;
        return extent;
    }

    public void Dispose()
    {
        foreach (var extent in _extents)
        {
            extent.Unmap();
        }

        _extents.Clear();
    }
}

/// <summary>Consecutive pages of one extent.</summary>
internal readonly record struct PageRun(ArenaExtent Extent, int Start, int Pages);
