using BitArk.Storage.Replica;

namespace BitArk.Cluster.Partitions;

/// <summary>
/// Frees the memory of a replica that was replaced while the node runs. Readers take no lock and leave no trace, but each
/// holds a reference to its <see cref="PartitionReads"/>, and that to its keeper: when the collector finds the keeper
/// unreachable, the last reader has let go.
/// </summary>
/// <param name="state">What is freed.</param>
internal sealed class StateKeeper(PartitionState state) : IDisposable
{
    /// <summary>Frees on collection.</summary>
    ~StateKeeper() => state.Dispose();

    /// <summary>Lets the collector look now: it would not hurry for a few small objects, whose native memory it does not see.</summary>
    public static void FreeWhatNobodyReads() => GC.Collect();

    /// <summary>Frees now: the caller knows that nobody reads any more.</summary>
    public void Dispose()
    {
        state.Dispose();
        GC.SuppressFinalize(this);
    }
}
