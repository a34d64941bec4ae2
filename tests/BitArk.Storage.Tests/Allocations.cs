namespace BitArk.Storage.Tests;

/// <summary>
/// Bytes that work allocates on this thread every time. Once says nothing: a collection that another test causes ends this thread's
/// allocation buffer, whose rest counts as allocated, and a first call loads what it calls.
/// </summary>
internal static class Allocations
{
    /// <summary>What the work takes at least, of so many times.</summary>
    public static long EachTime(int times, Action work) => Enumerable.Range(0, times).Min(_ => Of(work));

    private static long Of(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
