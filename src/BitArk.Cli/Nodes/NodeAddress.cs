using System.Diagnostics.CodeAnalysis;

namespace BitArk.Cli.Nodes;

/// <summary>Which door of a node an address means.</summary>
internal enum NodeDoor
{
    /// <summary>gRPC over HTTP/2 without TLS: <c>grpc://host:port</c>.</summary>
    Grpc,

    /// <summary>JSON over HTTP/1.1: <c>http://host:port</c>.</summary>
    Http,
}

/// <summary>Where a node listens, as the user wrote it: <c>grpc://127.0.0.1:8081</c> or <c>http://127.0.0.1:8080</c>.</summary>
/// <param name="Door">gRPC or JSON.</param>
/// <param name="Endpoint">The base address for HTTP clients; always of scheme <c>http</c>.</param>
internal sealed record NodeAddress(NodeDoor Door, Uri Endpoint)
{
    private const int DefaultGrpcPort = 8081;
    private const int DefaultHttpPort = 8080;

    /// <summary>Reads an address; <paramref name="problem"/> says what is allowed.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out NodeAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        problem = $"'{text}' is no node address: expected grpc://host[:port] or http://host[:port]";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0 || uri.PathAndQuery is not ("" or "/"))
        {
            return false;
        }

        NodeDoor door;
        switch (uri.Scheme)
        {
            case "grpc":
                door = NodeDoor.Grpc;
                break;
            case "http":
                door = NodeDoor.Http;
                break;
            default:
                return false;
        }

        // Uri fills in 80 for http by itself; whoever means it can write it, and then it stays.
        var portWritten = text.TrimEnd('/').EndsWith($":{uri.Port}", StringComparison.Ordinal);
        var port = portWritten ? uri.Port : door == NodeDoor.Grpc ? DefaultGrpcPort : DefaultHttpPort;
        address = new NodeAddress(door, new UriBuilder(Uri.UriSchemeHttp, uri.Host, port).Uri);
        problem = null;
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Door == NodeDoor.Grpc ? "grpc" : "http")}://{Endpoint.Authority}";
}
