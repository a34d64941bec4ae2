using System.Collections.Concurrent;
using BitArk.Cluster;
using BitArk.Protocol;
using BitArk.Protocol.Internal.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace BitArk.Node.Peers;

/// <summary>
/// The other nodes over gRPC: one channel for each address, HTTP/2 without TLS, kept alive by pings so that a peer which
/// vanished shows in seconds, and its connection goes then. The channel stays, a small object for each address that a node ever had.
/// </summary>
internal sealed class GrpcPeers(IReadStatusNode node, PeerMetrics metrics) : IPeers, IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Lazy<GrpcChannel>> _channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<NodeId, GrpcPeer> _peers = new();

    /// <inheritdoc/>
    public IPeer To(NodeId peer) => _peers.GetOrAdd(peer, static (name, self) => new GrpcPeer(name, self), this);

    /// <summary>Counts.</summary>
    public PeerMetrics Metrics => metrics;

    /// <summary>What is known of a node.</summary>
    public NodeView? Find(NodeId peer) => node.Directory?.Find(peer);

    /// <summary>A client of the service at an address.</summary>
    public Peer.PeerClient At(string authority)
    {
        var channel = _channels.GetOrAdd(authority, static address => new Lazy<GrpcChannel>(() => Open(address)));
        return new Peer.PeerClient(channel.Value);
    }

    /// <summary>The metadata and bounds of one call.</summary>
    public CallOptions Options(DateTime? deadline, CancellationToken cancellation) =>
        new(new Metadata { { BitArkHeaders.Cluster, node.ClusterId.ToString() } }, deadline, cancellation);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var channel in _channels.Values)
        {
            if (channel.IsValueCreated)
                channel.Value.Dispose();
        }
    }

    private static GrpcChannel Open(string authority) => GrpcChannel.ForAddress($"http://{authority}", new GrpcChannelOptions
    {
        // A proxy from the environment would be asked for HTTP/2 without TLS, which none of them speaks.
        HttpHandler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            KeepAlivePingDelay = PingEvery,
            KeepAlivePingTimeout = PingTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            EnableMultipleHttp2Connections = true,
        },
        DisposeHttpClient = true,
        MaxReceiveMessageSize = RequestLimits.MaxRequestBytes,
        MaxRetryAttempts = 0,
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        MaxReconnectBackoff = TimeSpan.FromSeconds(1),
    });
}
