using System.Net;

namespace BitArk.Chaos.Clusters;

/// <summary>The links through which the other nodes reach the leader: it announces an address of loopback where these listen, on its own ports.</summary>
internal sealed class LeaderLinks(int akkaPort, int grpcPort) : IAsyncDisposable
{
    /// <summary>The address it announces.</summary>
    public const string Host = "127.0.0.2";

    /// <summary>Membership and the log.</summary>
    public Link Akka { get; } = Make(akkaPort);

    /// <summary>Forwarded calls and snapshots.</summary>
    public Link Grpc { get; } = Make(grpcPort);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Akka.DisposeAsync();
        await Grpc.DisposeAsync();
    }

    private static Link Make(int port) => new(new IPEndPoint(IPAddress.Parse(Host), port), new IPEndPoint(IPAddress.Loopback, port));
}
