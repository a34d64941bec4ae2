namespace BitArk.Cluster;

/// <summary>Work that blocks for long, or may never come back from the disk (zeros for a segment, the durable mark, a snapshot, a recovery) on a thread of its own, so that it takes none from the pool that requests run on.</summary>
internal static class Background
{
    public static Task<T> Run<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
