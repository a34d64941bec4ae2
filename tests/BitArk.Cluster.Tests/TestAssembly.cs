using System.Runtime.CompilerServices;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace BitArk.Cluster.Tests;

internal static class TestAssembly
{
    // Each TestKit and each recovery blocks pool threads for a moment; with the default minimum (one per core) the pool
    // adds threads only every half second.
    [ModuleInitializer]
    internal static void RaiseThreadPoolMinimum() => ThreadPool.SetMinThreads(32, 32);
}
