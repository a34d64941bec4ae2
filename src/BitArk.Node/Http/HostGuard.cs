using System.Net;
using BitArk.Cluster;
using BitArk.Node.Requests;
using BitArk.Protocol;

namespace BitArk.Node.Http;

/// <summary>
/// Refuses requests of browsers that were led here by somebody else's host name (DNS rebinding): such a name points at this
/// machine, so the browser takes the node for that site and lets the site's scripts read its answers. Only HTTP/1.1 is guarded;
/// no browser speaks gRPC's cleartext HTTP/2.
/// </summary>
internal sealed class HostGuard(RequestDelegate next, ListenerSettings settings)
{
    private const string Local = "localhost";

    private readonly HashSet<string> _allowed = new(settings.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    // Beyond loopback nobody knows the node's names but its operator, who has not listed any.
    private readonly bool _acceptsAll = settings.AllowedHosts.Contains(ListenerSettings.AnyHost)
        || (!IPAddress.IsLoopback(settings.Bind) && settings.AllowedHosts.Count == 0);

    /// <summary>Lets a request pass, or answers it with 400.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (_acceptsAll || HttpProtocol.IsHttp2(http.Request.Protocol) || IsAllowed(http.Request.Host))
            return next(http);

        return HttpErrors.WriteAsync(http, new ReadStatusError(
            ErrorReason.InvalidArgument,
            $"host: '{Echo.Of(http.Request.Host.Host)}' is not a name of this node; bitark.http.allowed-hosts lists more than localhost",
            "field",
            "host"));
    }

    // Who sends no host (HTTP/1.0) is no browser. An address in digits cannot be rebound, but only loopback ones are this node's.
    private bool IsAllowed(HostString host) =>
        !host.HasValue
        || string.Equals(host.Host, Local, StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host, out var address) && IPAddress.IsLoopback(address))
        || _allowed.Contains(host.Host);
}
