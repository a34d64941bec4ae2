namespace BitArk.Storage.Memory;

// The slab's part in a point-in-time snapshot. Writer only.
internal sealed unsafe partial class Slab
{
    private SnapshotCapture? _capture;

    /// <summary>Flags every touched byte of every span as pending.</summary>
    internal void BeginCapture(SnapshotCapture capture)
    {
        _capture = capture;
        for (var unit = 0; unit < _regionOfUnit.Count; unit++)
        {
            if (_firstUnitOfUnit[unit] == unit)
            {
                capture.Add(_regionOfUnit[unit]);
            }
        }

        for (var first = 0; first < _pages.Length; first++)
        {
            ref var page = ref _pages[first];
            if (page.Pages > 0 && page.First == first)
            {
                var touched = page.SizeClass == SlabPage.Alone ? page.Bytes : (long)page.Touched * SizeClasses.SizeOf(page.SizeClass);
                var unit = first / PagesPerUnit;
                _regionOfUnit[unit].MarkPending(OffsetIn(unit, (long)first << PageRefBits), touched);
            }
        }
    }

    internal void EndCapture() => _capture = null;
}
