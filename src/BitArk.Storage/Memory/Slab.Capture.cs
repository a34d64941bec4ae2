namespace BitArk.Storage.Memory;

// The slab's part in a point-in-time snapshot, and its way back. Writer only.
internal sealed unsafe partial class Slab
{
    private const int MaxExtents = MaxUnits;

    private SnapshotCapture? _capture;

    /// <summary>Flags every touched byte of every span as pending and describes the spans.</summary>
    internal void BeginCapture(SnapshotCapture capture, GeometryWriter geometry)
    {
        _capture = capture;
        geometry.WriteInt32(_arena.Extents.Count);
        foreach (var extent in _arena.Extents)
        {
            geometry.WriteInt32(extent.Units);
        }

        for (var unit = 0; unit < _regionOfUnit.Count; unit++)
        {
            if (_firstUnitOfUnit[unit] == unit)
            {
                _ = capture.Add(_regionOfUnit[unit]);
            }
        }

        geometry.WriteInt32(_spans);
        for (var first = 0; first < PageCount; first++)
        {
            ref var page = ref _pages[first];
            if (page.Pages > 0 && page.First == first)
            {
                SlabSpanRecord.Write(geometry.Next(SlabSpanRecord.Size), page);
                var unit = first / PagesPerUnit;
                _regionOfUnit[unit].MarkPending(OffsetIn(unit, (long)first << PageRefBits), TouchedBytesOf(page));
            }
        }
    }

    internal void EndCapture() => _capture = null;

    /// <summary>Rebuilds the spans of an empty slab; the returned regions, in the order of the capture's, wait for their bytes.</summary>
    internal IEnumerable<TrackedRegion> Restore(ref GeometryReader geometry)
    {
        var extents = geometry.ReadInt32("the number of slab extents", 0, MaxExtents);
        for (var i = 0; i < extents; i++)
        {
            _ = AddExtent(geometry.ReadInt32("the units of a slab extent", 1, MaxUnits - _regionOfUnit.Count));
        }

        if (extents > 0)
        {
            ExtentOf(0).Take(0, 1);
        }

        var spans = geometry.ReadInt32("the number of slab spans", 0, PageCount);
        for (var i = 0; i < spans; i++)
        {
            RestoreSpan(SlabSpanRecord.Read(geometry.Next(SlabSpanRecord.Size, "a slab span")));
        }

        return _regionOfUnit.Distinct();
    }

    private void RestoreSpan(SlabPage page)
    {
        var first = page.First;
        var unit = first / PagesPerUnit;
        if (first + (long)page.Pages > PageCount || !ReferenceEquals(_regionOfUnit[unit], _regionOfUnit[(first + page.Pages - 1) / PagesPerUnit]))
        {
            throw GeometryReader.Invalid($"the span at page {first} lies outside its extent");
        }

        ExtentOf(unit).Take(first - (_firstUnitOfUnit[unit] * PagesPerUnit), page.Pages);
        InitialiseSpan(first, page.Pages, page.SizeClass);
        _pages[first] = page;
        _touchedBytes += TouchedBytesOf(page);
        if (page.SizeClass != SlabPage.Alone && page.Used < CapacityOf(page.Pages, SizeClasses.SizeOf(page.SizeClass)))
        {
            Link(ref _pages[first], first, page.SizeClass);
        }
    }

    private static long TouchedBytesOf(in SlabPage page) =>
        page.SizeClass == SlabPage.Alone ? page.Bytes : (long)page.Touched * SizeClasses.SizeOf(page.SizeClass);
}
