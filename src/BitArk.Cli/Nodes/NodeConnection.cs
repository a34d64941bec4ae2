using BitArk.Cli.Terminal;
using BitArk.Protocol.Internal.V1;
using BitArk.Protocol.V1;
using Grpc.Net.Client;

namespace BitArk.Cli.Nodes;

/// <summary>One HTTP/2 connection to a node and the clients of its services. Safe for concurrent calls.</summary>
internal sealed class NodeConnection : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);
    private readonly GrpcChannel _channel;

    private NodeConnection(GrpcChannel channel)
    {
        _channel = channel;
        ReadStatus = new ReadStatus.ReadStatusClient(channel);
        Admin = new Admin.AdminClient(channel);
        Peer = new Peer.PeerClient(channel);
    }

    /// <summary>Marks and reads.</summary>
    public ReadStatus.ReadStatusClient ReadStatus { get; }

    /// <summary>Cluster and administration.</summary>
    public Admin.AdminClient Admin { get; }

    /// <summary>What nodes ask each other.</summary>
    public Peer.PeerClient Peer { get; }

    /// <summary>Prepares a connection; the first call makes it, and any later one makes it again when it broke.</summary>
    /// <exception cref="CliException">The address is not one of gRPC.</exception>
    public static NodeConnection Open(NodeAddress address)
    {
        if (address.Door != NodeDoor.Grpc)
        {
            throw CliException.Usage($"{address}: this command speaks gRPC, give the node as grpc://host:port");
        }

        // A proxy from the environment would be asked for HTTP/2 without TLS, which none of them speaks.
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
        };
        return new NodeConnection(GrpcChannel.ForAddress(address.Endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
        }));
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();
}
