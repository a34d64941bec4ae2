using BitArk.Chaos.Nodes;

namespace BitArk.Chaos.Clusters;

/// <summary>Writes under way in the background.</summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ClusterFleet _fleet;
    private readonly Task _writing;

    private Load(ClusterFleet fleet, IEnumerable<Member> through)
    {
        _fleet = fleet;
        _writing = fleet.WriteAsync(through, _stop.Token);
    }

    /// <summary>Lets a fleet write through these nodes.</summary>
    public static Load Begin(ClusterFleet fleet, IEnumerable<Member> through) => new(fleet, through);

    /// <summary>Waits until so many more operations are acknowledged.</summary>
    /// <exception cref="NodeException">That took too long.</exception>
    public async Task AcknowledgesAsync(long more, TimeSpan atMost)
    {
        long before = _fleet.Acknowledged;
        if (!await Eventually.HoldsAsync(() => _fleet.Acknowledged - before >= more, atMost))
            throw new NodeException($"only {_fleet.Acknowledged - before} of {more} operations were acknowledged within {atMost.TotalSeconds} s; refusals so far: {_fleet.Refusals}");
    }

    /// <summary>Stops it, and waits for the last answers.</summary>
    public async Task EndAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _stop.Dispose();
    }
}
