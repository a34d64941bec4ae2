using BitArk.Chaos.Clusters;
using BitArk.Chaos.Faults;

namespace BitArk.Chaos.ClusterFaults;

/// <summary>Three nodes with, where this machine allows it, a network and disks that can fail.</summary>
internal sealed class FaultCluster : IAsyncDisposable
{
    private const int Nodes = 3;
    private const int DiskMegabytes = 128;
    private readonly List<LoopFileSystem> _disks = [];

    private FaultCluster()
    {
    }

    /// <summary>The nodes; not started yet.</summary>
    public Trio Trio { get; private set; } = null!;

    /// <summary>Between them; null: plain loopback.</summary>
    public PrivateNetwork? Network { get; private set; }

    /// <summary>One for each node; none: plain directories.</summary>
    public IReadOnlyList<LoopFileSystem> Disks => _disks;

    /// <summary>Prepares one.</summary>
    public static async Task<FaultCluster> CreateAsync(string binary, ScratchDirectory scratch, TrioSettings settings, bool hasDisks)
    {
        var cluster = new FaultCluster();
        try
        {
            cluster.Network = PrivateNetwork.IsInside ? await PrivateNetwork.StartAsync(Nodes) : null;
            var sites = new List<NodeSite>();
            for (int node = 0; node < Nodes; node++)
                sites.Add(await cluster.SiteAsync(node, scratch, hasDisks));
            cluster.Trio = Trio.Create(binary, scratch, settings with { Sites = sites });
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Trio is not null)
            await Trio.DisposeAsync();
        foreach (LoopFileSystem disk in _disks)
            await disk.DisposeAsync();
        if (Network is not null)
            await Network.DisposeAsync();
    }

    private async Task<NodeSite> SiteAsync(int node, ScratchDirectory scratch, bool hasDisks)
    {
        string directory = scratch.At($"node{node + 1}");
        if (hasDisks)
        {
            string own = scratch.At($"disk{node + 1}");
            Directory.CreateDirectory(own);
            _disks.Add(await LoopFileSystem.CreateAsync(own, "ext4", DiskMegabytes));
            directory = Path.Combine(_disks[node].MountPoint, "data");
        }

        return new NodeSite(Network is null ? "127.0.0.1" : PrivateNetwork.Host(node), directory, Network?.Wrapper(node) ?? []);
    }
}
