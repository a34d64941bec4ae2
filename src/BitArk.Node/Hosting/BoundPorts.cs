using System.Net;
using BitArk.Cluster;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BitArk.Node.Hosting;

/// <summary>
/// Which ports the listeners got, known once they listen: "any free port" is decided by the system then. Kestrel reports
/// its addresses in the order they were configured in, HTTP first.
/// </summary>
internal sealed class BoundPorts(IServer server, BitArkSettings settings)
{
    /// <summary>The port of the HTTP listener; 0 when it is off.</summary>
    public int Http => Listeners.HttpPort == 0 ? 0 : At(0);

    /// <summary>The port of the gRPC listener; 0 when it is off.</summary>
    public int Grpc => Listeners.GrpcPort == 0 ? 0 : At(Listeners.HttpPort == 0 ? 0 : 1);

    /// <summary><c>host:port</c> of the HTTP listener; empty when it is off.</summary>
    public string HttpAuthority => Authority(Http);

    /// <summary><c>host:port</c> of the gRPC listener; empty when it is off.</summary>
    public string GrpcAuthority => Authority(Grpc);

    private ListenerSettings Listeners => settings.Listeners;

    private string Authority(int port) => port == 0 ? "" : new IPEndPoint(Listeners.Bind, port).ToString();

    private int At(int index) =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.ElementAtOrDefault(index) is { } address
            ? BindingAddress.Parse(address).Port
            : 0;
}
