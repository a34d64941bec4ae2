using System.Runtime.CompilerServices;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace BitArk.Node.Tests;

/// <summary>Hosts block pool threads while they start and stop; on few processors the pool must not have to grow for that.</summary>
internal static class TestAssembly
{
    private const int MinThreads = 32;

    [ModuleInitializer]
    internal static void PrepareThreadPool() => ThreadPool.SetMinThreads(MinThreads, MinThreads);
}
