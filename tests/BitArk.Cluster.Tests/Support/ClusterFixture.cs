using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using BitArk.Cluster.Membership;

namespace BitArk.Cluster.Tests.Support;

/// <summary>
/// Several nodes in this process, over real connections on loopback that can be cut, each with a directory of its own. A
/// node keeps its port when it is started again, as one in the field does.
/// </summary>
internal sealed class ClusterFixture : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("bitark-cluster-");
    private readonly Dictionary<string, ClusterNode> _nodes = new(StringComparer.Ordinal);
    private readonly string _extra;

    /// <param name="expectedNodes">How many nodes each waits for.</param>
    /// <param name="replicationFactor">Replicas per partition.</param>
    /// <param name="extra">HOCON for all of them.</param>
    public ClusterFixture(int expectedNodes = 3, int replicationFactor = 3, string extra = "") =>
        _extra = $"bitark {{ replication-factor = {replicationFactor}, cluster.expected-nodes = {expectedNodes} }}\n{extra}";

    /// <summary>A node by its key: its name, unless it was started under another.</summary>
    public ClusterNode this[string key] => _nodes[key];

    /// <summary>node1, node2 … as one cluster.</summary>
    public static async Task<ClusterFixture> FormAsync(int nodes = 3, int replicationFactor = 3, string extra = "")
    {
        var cluster = new ClusterFixture(nodes, replicationFactor, extra);
        string[] names = [.. Enumerable.Range(1, nodes).Select(i => $"node{i}")];
        foreach (var name in names)
            cluster.Start(name);

        await cluster.WhenFormedAsync(names);
        return cluster;
    }

    /// <summary>Starts a node, or starts it again; does not wait until it belongs to a cluster.</summary>
    /// <param name="key">What this fixture calls it; its directory goes by that.</param>
    /// <param name="name">Its <c>bitark.node-name</c>; the key unless given.</param>
    /// <param name="extra">HOCON for it alone.</param>
    /// <param name="through">Nodes to join through; all that run unless given.</param>
    public ClusterNode Start(string key, string? name = null, string extra = "", IReadOnlyList<ClusterNode>? through = null)
    {
        if (!_nodes.TryGetValue(key, out var node))
            node = _nodes[key] = new ClusterNode(name ?? key, Path.Combine(_root.FullName, key));

        var seeds = (through ?? [.. _nodes.Values.Where(other => other.IsRunning)]).Select(other => $"\"127.0.0.1:{other.Port}\"");
        node.Start(_extra + $"\nbitark.cluster.seed-nodes = [{string.Join(", ", seeds)}]\n" + extra);
        return node;
    }

    /// <summary>Gives nodes their ports before they are started, so that they can be named as seeds by those that start before them.</summary>
    public IReadOnlyList<ClusterNode> Reserve(params IEnumerable<string> keys)
    {
        // All at once, so that no two get the same.
        var held = keys.Select(key => (key, listener: new TcpListener(IPAddress.Loopback, 0))).ToList();
        held.ForEach(pair => pair.listener.Start());
        foreach (var (key, listener) in held)
        {
            _nodes[key] = new ClusterNode(key, Path.Combine(_root.FullName, key)) { Port = ((IPEndPoint)listener.LocalEndpoint).Port };
            listener.Stop();
        }

        return [.. held.Select(pair => _nodes[pair.key])];
    }

    /// <summary>Until each of these knows the layout.</summary>
    public Task WhenFormedAsync(params IEnumerable<string> keys) => Task.WhenAll(keys.Select(key => _nodes[key].WhenFormedAsync()));

    /// <summary>Until each of these sees exactly these nodes, all reachable, and none of them only joining: the resolver of splits counts no such one.</summary>
    public async Task WhenUpAsync(params string[] keys)
    {
        await Task.WhenAll(keys.Select(key => _nodes[key].WhenSeesAsync(
            nodes => nodes.Count == keys.Length && nodes.Values.All(node => node.Presence is NodePresence.Up), "all are up")));
        await Eventually.HoldsAsync(
            () => keys.All(key => Akka.Cluster.Cluster.Get(_nodes[key].System).State.Members.Count(member => member.Status == Akka.Cluster.MemberStatus.Up) == keys.Length),
            "none is only joining",
            Patience);
    }

    /// <summary>Nothing passes between two nodes any more, in both directions.</summary>
    public Task CutAsync(string a, string b) => ThrottleAsync(a, b, Blackhole.Instance);

    /// <summary>Everything passes again.</summary>
    public Task HealAsync(string a, string b) => ThrottleAsync(a, b, Unthrottled.Instance);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values)
            await node.KillAsync();

        _root.Delete(recursive: true);
    }

    private async Task ThrottleAsync(string a, string b, ThrottleMode mode)
    {
        await SetAsync(_nodes[a], _nodes[b]);
        await SetAsync(_nodes[b], _nodes[a]);

        async Task SetAsync(ClusterNode here, ClusterNode there)
        {
            try
            {
                var transport = ((IRemoteActorRefProvider)((ExtendedActorSystem)here.System).Provider).Transport;
                Assert.True(await transport.ManagementCommand(new SetThrottle(there.Address, ThrottleTransportAdapter.Direction.Both, mode)));
            }
            catch (RemoteTransportException) when (mode is Unthrottled)
            {
                // Its ActorSystem has just ended, and the next one is throttled by nobody.
            }
        }
    }
}
