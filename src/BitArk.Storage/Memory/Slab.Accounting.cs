namespace BitArk.Storage.Memory;

// What is live: for tests and diagnostics. Writer only.
internal sealed unsafe partial class Slab
{
    /// <summary>Bytes of all live blocks, by their size classes. Walks every span.</summary>
    internal long CountLiveBytes()
    {
        long live = 0;
        for (var first = 0; first < PageCount; first++)
        {
            ref var page = ref _pages[first];
            if (page.Pages > 0 && page.First == first)
            {
                live += page.SizeClass == SlabPage.Alone ? page.Bytes : (long)page.Used * SizeClasses.SizeOf(page.SizeClass);
            }
        }

        return live;
    }
}
