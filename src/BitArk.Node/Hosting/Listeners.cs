using BitArk.Cluster;
using BitArk.Node.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BitArk.Node.Hosting;

/// <summary>One listener per protocol: HTTP/1.1 for JSON, health and metrics; HTTP/2 without TLS for gRPC.</summary>
internal static class Listeners
{
    private const int AnyPort = 0;

    /// <summary>Calls wait for the log, not for the processor: a client with one connection must not run out of streams.</summary>
    private const int MaxCallsPerConnection = 1000;

    /// <summary>Each costs memory and a descriptor, and descriptors are what the log needs too.</summary>
    private const int MaxConnections = 10_000;

    /// <summary>A node that nobody can reach is a mistake.</summary>
    /// <exception cref="SettingsException">Both are turned off.</exception>
    public static void RequireOne(ListenerSettings settings)
    {
        if (settings.HttpPort == 0 && settings.GrpcPort == 0)
            throw new SettingsException("bitark.http.port = 0 and bitark.grpc.port = 0 turn every listener off: give at least one of them a port, or -1 for any free one");
    }

    /// <summary>Opens the listeners that are not turned off.</summary>
    public static void Configure(KestrelServerOptions kestrel, ListenerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = GrpcErrorShape.MaxBodyBytes;
        kestrel.Limits.MaxConcurrentConnections = MaxConnections;
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaxCallsPerConnection;
        if (settings.HttpPort != 0)
            kestrel.Listen(settings.Bind, PortOf(settings.HttpPort), listener => listener.Protocols = HttpProtocols.Http1);
        if (settings.GrpcPort != 0)
            kestrel.Listen(settings.Bind, PortOf(settings.GrpcPort), listener => listener.Protocols = HttpProtocols.Http2);
    }

    private static int PortOf(int configured) => configured == ListenerSettings.AnyFreePort ? AnyPort : configured;
}
