using Akka.Actor;
using BitArk.Storage.Disk;

namespace BitArk.Cluster;

// A node with an ActorSystem of its own: for load generators, benchmarks and tests, which have no host.
public sealed partial class BitArkNode
{
    /// <summary>The name of the ActorSystem.</summary>
    public const string SystemName = "bitark";

    private const int MinPoolThreads = 32;

    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(30);

    /// <summary>How long a graceful stop waits at most until other nodes lead what this one led.</summary>
    internal static readonly TimeSpan LeaveBound = TimeSpan.FromSeconds(5);

    private bool _isInProcess;

    /// <summary>Opens a node in this process, without a host, and waits until it serves. Dispose it to stop it gracefully.</summary>
    /// <exception cref="NodeStartException">It cannot start; the message says why.</exception>
    public static async Task<BitArkNode> StartAsync(
        BitArkSettings settings, IDisk? disk = null, TimeProvider? time = null, CancellationToken cancellation = default)
    {
        RaiseThreadPoolMinimum();
        var node = new BitArkNode(settings, disk, time);
        try
        {
            node.Begin();
            await node.WhenServingAsync(cancellation).ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Opens the node and starts an ActorSystem of its own for it; does not wait.</summary>
    /// <exception cref="NodeStartException">It cannot start; the message says why. Dispose it all the same.</exception>
    internal void Begin()
    {
        _isInProcess = true;
        Open();
        RunAsync(new BareActorSystems(), CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The ActorSystem that runs, or the last one that did.</summary>
    internal ActorSystem OwnSystem => _run?.System ?? throw new InvalidOperationException("The node has no ActorSystem.");

    // By itself the pool begins with a thread per core and adds one or two a second: too late for a burst.
    private static void RaiseThreadPoolMinimum()
    {
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, MinPoolThreads), completions);
    }

    private async Task DisposeSystemAsync()
    {
        if (!_isInProcess || _run is not { } run)
            return;

        await HandOverLeadershipsAsync(LeaveBound).ConfigureAwait(false);
        if (_partitionActors.Count > 0)
            await StopPartitionsAsync(StopBound).ConfigureAwait(false);

        await run.EndAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }
}
