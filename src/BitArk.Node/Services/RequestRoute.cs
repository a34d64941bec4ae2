using System.Globalization;
using BitArk.Cluster;
using BitArk.Node.Requests;
using BitArk.Protocol;
using Grpc.Core;

namespace BitArk.Node.Services;

/// <summary>How a request may travel: what its headers say, over gRPC and HTTP alike.</summary>
internal static class RequestRoute
{
    /// <summary>The route of a call, without what its session has seen.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: a header makes no sense.</exception>
    public static CallRoute Of(ServerCallContext context) =>
        Of(context.GetHttpContext()) with { Deadline = context.Deadline == DateTime.MaxValue ? null : context.Deadline };

    /// <summary>The route of a plain HTTP request.</summary>
    /// <exception cref="RpcException">As above.</exception>
    public static CallRoute Of(HttpContext http)
    {
        var headers = http.Request.Headers;
        var stays = headers.TryGetValue(BitArkHeaders.NoForward, out var stay) && stay.ToString() switch
        {
            "1" => true,
            "0" => false,
            var other => throw ReadStatusError.Invalid(BitArkHeaders.NoForward, $"must be 0 or 1 but is '{Echo.Of(other)}'").ToException(),
        };
        if (!headers.TryGetValue(BitArkHeaders.Epoch, out var stated))
            return new CallRoute(stays);

        return long.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? new CallRoute(stays, new Epoch(epoch))
            : throw ReadStatusError.Invalid(BitArkHeaders.Epoch, $"must be an epoch but is '{Echo.Of(stated.ToString())}'").ToException();
    }
}
